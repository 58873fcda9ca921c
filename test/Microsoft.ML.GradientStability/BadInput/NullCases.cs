using static Microsoft.ML.GradientStability.Tests.BadInput.BadInput;

namespace Microsoft.ML.GradientStability.Tests.BadInput;

/// <summary>Null, of the calls that a program makes most; <see cref="NullArgumentTests"/> tries every one.</summary>
internal static class NullCases
{
    private const string Area = "Null";

    public static IEnumerable<BadInput> All() =>
    [
        .. Line<ArgumentNullException>(Area, "an argument is null", "Parameter '",
            ("Fit(null)", () => Tables.Trainer(EveryTask.Binary).Fit(null!), "'input'"),
            ("DeepNetwork(options: null)", () => new MLContext().Regression.Trainers.DeepNetwork(options: null!), "'options'"),
            ("DeepNetwork(labelColumnName: null)", () => new MLContext().Regression.Trainers.DeepNetwork(labelColumnName: null!), "'labelColumnName'"),
            ("DeepNetwork(featureColumnName: null)", () => new MLContext().BinaryClassification.Trainers.DeepNetwork(featureColumnName: null!), "'featureColumnName'"),
            ("DeepAutoencoder(outputColumnName: null)", () => new MLContext().Transforms.DeepAutoencoder(outputColumnName: null!), "'outputColumnName'"),
            ("FromJson(null)", () => DeepNetworkOptions.FromJson(null!), "'json'"),
            ("Network.FeedForward(null)", () => Network.FeedForward(null!), "'hiddenUnits'")),
        .. Line<ArgumentNullException>(Area, "an option is null", "must be given; leave it out for the default",
            ("Network", () => GC.KeepAlive(new DeepNetworkBinaryTrainer.Options { Network = null! }), "Parameter 'Network'"),
            ("Clipping", () => GC.KeepAlive(new DeepNetworkBinaryTrainer.Options { Clipping = null! }), "Parameter 'Clipping'"),
            ("Detectors", () => GC.KeepAlive(new DeepNetworkBinaryTrainer.Options { Detectors = null! }), "Parameter 'Detectors'"),
            ("FeatureColumnName", () => GC.KeepAlive(new DeepNetworkBinaryTrainer.Options { FeatureColumnName = null! }), "Parameter 'FeatureColumnName'"),
            ("Activation of a network", () => GC.KeepAlive(Network.FeedForward(8) with { Activation = null! }), "Parameter 'Activation'")),
        .. Line<ArgumentNullException>(Area, "a list holds null", "[…] is null: leave it out",
            ("Detectors", () => GC.KeepAlive(new DeepNetworkBinaryTrainer.Options { Detectors = [null!] }), "Detectors[0]"),
            ("Regularization", () => GC.KeepAlive(new DeepNetworkBinaryTrainer.Options { Regularization = [Regularizer.L1(), null!] }), "Regularization[1]")),
    ];
}
