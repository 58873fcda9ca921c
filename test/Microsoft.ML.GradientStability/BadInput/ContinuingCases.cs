using static Microsoft.ML.GradientStability.Tests.BadInput.BadInput;

namespace Microsoft.ML.GradientStability.Tests.BadInput;

/// <summary>Models that training cannot go on from.</summary>
internal static class ContinuingCases
{
    private const string Area = "Going on from a model";

    private static readonly MLContext s_ml = new(seed: 1);

    public static IEnumerable<BadInput> All() =>
    [
        .. Line<InvalidOperationException>(Area, "the model is of another form", "The previous model is of another form: … Use the same",
            ("fewer layers", () => Other(o => o.Network = Network.FeedForward(16)), "Network"),
            ("more layers", () => Other(o => o.Network = Network.FeedForward(16, 16, 16)), "Network"),
            ("wider layers", () => Other(o => o.Network = Network.FeedForward(16, 17)), "Network"),
            ("another activation", () => Other(o => o.Network = Network.FeedForward(16, 16) with { Activation = Activation.Tanh }), "Network"),
            ("no normalization", () => Other(o => o.Network = Network.FeedForward(16, 16) with { Normalization = Normalization.None }), "Network"),
            ("another normalization", () => Other(o => o.Network = Network.FeedForward(16, 16) with { Normalization = Normalization.Batch }), "Network"),
            ("a residual connection", () => Other(o => o.Network = Network.FeedForward(16, 16) with { Residual = Residual.Identity }), "Network"),
            ("features as they are", () => Other(o => o.StandardizeFeatures = false), "StandardizeFeatures"),
            ("more features", Wider, "features"),
            ("a number in place of yes or no", () => EveryTask.Fit(s_ml, EveryTask.Regression, Data(), Two, Model()), "task"),
            ("classes in place of yes or no", () => EveryTask.Fit(s_ml, EveryTask.Multiclass, Data(), Two, Model()), "task"),
            ("other classes", OtherClasses, "classes")),
        .. Line<InvalidOperationException>(Area, "the model holds no network", "holds no deep network … Pass a model that a DeepNetwork trainer fitted",
            ("a transform", () => EveryTask.Fit(s_ml, EveryTask.Binary, Data(), Two, Transform()), "The previous model"),
            ("a pipeline without one", () => EveryTask.Fit(s_ml, EveryTask.Binary, Data(), Two, Transform().Append(Transform())), "The previous model"),
            ("ML.NET's own trainer", () => EveryTask.Fit(s_ml, EveryTask.Regression, Data(), Two, s_ml.Regression.Trainers.OnlineGradientDescent("Number").Fit(Data())), "The previous model"),
            ("a transform, asked for options", () => Transform().GetDeepNetworkOptions(), "The model")),
    ];

    private static IDataView Data() => EveryTask.Load(s_ml, EveryTask.Rows(40));

    private static DeepNetworkTransformer Model() => EveryTask.Fit(s_ml, EveryTask.Binary, Data(), Two);

    private static ITransformer Transform() => s_ml.Transforms.NormalizeMinMax("Features").Fit(Data());

    private static void Two(SupervisedOptions options) => (options.Network, options.Epochs) = (Network.FeedForward(16, 16), 1);

    private static void Other(Action<SupervisedOptions> change) => EveryTask.Fit(s_ml, EveryTask.Binary, Data(), o =>
    {
        Two(o);
        change(o);
    }, Model());

    private static void Wider() =>
        EveryTask.Fit(s_ml, EveryTask.Binary, s_ml.Transforms.Concatenate("Features", "Features", "Weight").Fit(Data()).Transform(Data()), Two, Model());

    private static void OtherClasses()
    {
        var (rows, reversed) = (Samples.KeyedClusters(s_ml), s_ml.Data.LoadFromEnumerable(Samples.Clusters().Reverse()));
        var trainer = s_ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small());
        trainer.Fit(s_ml.Transforms.Conversion.MapValueToKey("Label").Fit(reversed).Transform(reversed), trainer.Fit(rows));
    }
}
