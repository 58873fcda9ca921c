using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability.Tests;

/// <summary>Whatever of the public API is given null where it may not be says which parameter it was.</summary>
[TestClass]
public sealed class NullArgumentTests
{
    private static readonly MLContext s_ml = new(seed: 1);
    private static readonly IDataView s_data = EveryTask.Load(s_ml, EveryTask.Rows(20));
    private static readonly DeepNetworkTransformer s_model = EveryTask.Fit(s_ml, EveryTask.Regression, s_data, o => (o.Epochs, o.Network) = (1, Network.FeedForward(4)));

    /// <summary>What the library makes and nobody hands in.</summary>
    private static readonly Type[] s_results =
        [typeof(Finding), typeof(OptionConflict), typeof(OptionDifference), typeof(LayerGradient), typeof(TrainingProgress), typeof(TrainingSummary), typeof(LearningRatePoint), typeof(StepPoint), typeof(EpochPoint), typeof(TrainingCurves),
        typeof(LayerStatistics), typeof(StepStatistics), typeof(Histogram), typeof(DiagnosticsCost), typeof(Inspection), typeof(ActivationStatistics),
        typeof(OnnxExportReport), typeof(OnnxOutputAgreement), typeof(TrainingLedger), typeof(LedgerFinding)];

    private static readonly Func<int, int, TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>> s_factory = (inputs, outputs) => TorchSharp.torch.nn.Linear(inputs, outputs);

    /// <summary>Objects to call instance methods of, and arguments beside the one that is null.</summary>
    private static readonly object[] s_known =
    [
        s_ml, s_data, s_data.Schema, s_model, s_model.Model, EveryTask.ShapeOf<EveryTask.Row>(), "name", 1.0, 3, 1e-3,
        s_ml.Transforms, s_ml.BinaryClassification.Trainers, s_ml.MulticlassClassification.Trainers, s_ml.Regression.Trainers, s_ml.Model,
        new DeepNetworkBinaryTrainer.Options(), new DeepNetworkMulticlassTrainer.Options(), new DeepNetworkRegressionTrainer.Options(), new DeepAutoencoderEstimator.Options(),
        new DeepSequenceMulticlassTrainer.Options(), new DeepSequenceRegressionTrainer.Options(), s_ml.MulticlassClassification.Trainers.DeepSequence(), s_ml.Regression.Trainers.DeepSequence(),
        s_ml.BinaryClassification.Trainers.DeepNetwork(), s_ml.MulticlassClassification.Trainers.DeepNetwork(), s_ml.Regression.Trainers.DeepNetwork(), s_ml.Transforms.DeepAutoencoder(),
        Network.FeedForward(4), Network.Recurrent(), Network.Convolutional(4), Network.Attention(), Network.Custom(s_factory), s_factory, new int[] { 4 }, new OnnxExportOptions(),
        new UseHeInitializer(), new UseLayerNormalization(), new UseNormClipping(), new UseOrthogonalInitializer(), new UseReluActivation(), new UseResidualConnections(), new LowerLearningRate(1),
        Report.TensorBoard("folder"), Report.JsonLines("path"),
    ];

    public static IEnumerable<object[]> Parameters() =>
        from type in typeof(Network).Assembly.GetExportedTypes()
        where !s_results.Contains(type)
        from instance in Instances(type)
        from method in instance.GetType() == typeof(object)
            ? type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Cast<MethodBase>().Concat(type.GetConstructors())
            : instance.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(m => m.DeclaringType!.Assembly == type.Assembly)
        where method.Name is not ("Equals" or "op_Equality" or "op_Inequality")
        from parameter in method.GetParameters()
        where !parameter.IsOut && !parameter.ParameterType.IsValueType && new NullabilityInfoContext().Create(parameter).WriteState != NullabilityState.Nullable
        select new[] { $"{type.Name}.{method.Name}({parameter.Name})", instance, method, parameter };

    /// <summary>An object stands for the static members of a type.</summary>
    private static IEnumerable<object> Instances(Type type) =>
        s_known.Where(known => known.GetType() is var made && (made.Assembly.IsDynamic ? made.BaseType : made) == type).Prepend(new object());

    [TestMethod]
    [DynamicData(nameof(Parameters))]
    public void Null_is_refused_by_the_name_of_its_parameter(string called, object instance, MethodBase method, ParameterInfo parameter)
    {
        object?[] arguments = [.. method.GetParameters().Select(p => p.Position == parameter.Position ? null : Argument(p))];
        var error = Assert.ThrowsExactly<TargetInvocationException>(
            () => method is ConstructorInfo constructor ? constructor.Invoke(arguments) : method.Invoke(instance, arguments), called);
        Assert.IsInstanceOfType<ArgumentNullException>(error.InnerException, called);
        var named = method.IsSpecialName && method.Name.StartsWith("set_", StringComparison.Ordinal) ? method.Name["set_".Length..] : parameter.Name;
        Assert.AreEqual(named, ((ArgumentNullException)error.InnerException!).ParamName, called);
    }

    private static object? Argument(ParameterInfo parameter) =>
        s_known.FirstOrDefault(parameter.ParameterType.IsInstanceOfType) ?? (parameter.HasDefaultValue ? parameter.DefaultValue : null);

    [TestMethod]
    public void All_that_can_be_called_is_tried()
    {
        var tried = Parameters().Select(p => p[0]).ToArray();
        foreach (var called in new[] { "Options.set_Network(value)", "DeepNetworkRegressionTrainer.Fit(input)", "DeepNetworkTransformer.Transform(input)", "UseNormClipping.ApplyTo(options)" })
            Assert.Contains(called, tried);
        Assert.IsEmpty(typeof(Network).Assembly.GetExportedTypes()
            .Where(t => !t.IsAbstract && t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Any(m => Nullable(m)) && !s_results.Contains(t) && Instances(t).Count() == 1)
            .Select(t => t.Name));

        static bool Nullable(MethodInfo method) => method.Name is not "Equals" && method.GetParameters().Any(p => !p.ParameterType.IsValueType && new NullabilityInfoContext().Create(p).WriteState != NullabilityState.Nullable);
    }

    [TestMethod]
    public void A_null_in_a_list_is_named_with_its_place()
    {
        var error = Assert.ThrowsExactly<ArgumentNullException>(() => new DeepNetworkBinaryTrainer.Options { Detectors = [Detector.NonFiniteGradient, null!] });
        Assert.AreEqual("Detectors", error.ParamName);
        Assert.Contains("Detectors[1] is null", error.Message);
        error = Assert.ThrowsExactly<ArgumentNullException>(() => new DeepNetworkBinaryTrainer.Options { Regularization = [null!] });
        Assert.AreEqual("Regularization", error.ParamName);
        Assert.Contains("Regularization[0] is null", error.Message);
    }
}
