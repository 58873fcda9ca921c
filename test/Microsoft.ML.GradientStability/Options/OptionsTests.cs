namespace Microsoft.ML.GradientStability.Tests.Options;

[TestClass]
public sealed class OptionsTests
{
    public static IEnumerable<object[]> OutOfRange() =>
    [
        ["BatchSize", () => { new DeepNetworkMulticlassTrainer.Options { BatchSize = 0 }.ToString(); }],
        ["Epochs", () => { new DeepNetworkMulticlassTrainer.Options { Epochs = 0 }.ToString(); }],
        ["ValidationFraction", () => { new DeepNetworkMulticlassTrainer.Options { ValidationFraction = 1 }.ToString(); }],
        ["ValidationFraction", () => { new DeepNetworkMulticlassTrainer.Options { ValidationFraction = double.NaN }.ToString(); }],
        ["MemoryBudget", () => { new DeepNetworkMulticlassTrainer.Options { MemoryBudget = 1 << 19 }.ToString(); }],
        ["LabelSmoothing", () => { new DeepNetworkMulticlassTrainer.Options { LabelSmoothing = 1 }.ToString(); }],
        ["ClassWeights", () => { new DeepNetworkMulticlassTrainer.Options { ClassWeights = [1, -1] }.ToString(); }],
        ["ClassWeights", () => { new DeepNetworkMulticlassTrainer.Options { ClassWeights = [0, 0] }.ToString(); }],
        ["ExampleWeightColumnName", () => { new DeepNetworkRegressionTrainer.Options { ExampleWeightColumnName = "" }.ToString(); }],
        ["PositiveWeight", () => { new DeepNetworkBinaryTrainer.Options { PositiveWeight = 0 }.ToString(); }],
        ["Delta", () => { RegressionLoss.Huber(0).ToString(); }],
        ["Patience", () => { EarlyStopping.After(0).ToString(); }],
        ["MinDelta", () => { EarlyStopping.After(1, -1).ToString(); }],
        ["ProgressSteps", () => { new DeepNetworkMulticlassTrainer.Options { ProgressSteps = -1 }.ToString(); }],
        ["LabelColumnName", () => { new DeepNetworkMulticlassTrainer.Options { LabelColumnName = " " }.ToString(); }],
        ["FeatureColumnName", () => { new DeepNetworkMulticlassTrainer.Options { FeatureColumnName = null! }.ToString(); }],
        ["HiddenUnits", () => { Network.FeedForward().ToString(); }],
        ["HiddenUnits", () => { Network.FeedForward(8, 0).ToString(); }],
        ["HiddenUnits", () => { Network.FeedForward(65537).ToString(); }],
        ["Dropout", () => { (Network.FeedForward(8) with { Dropout = 1 }).ToString(); }],
        ["Epsilon", () => { (Normalization.Layer with { Epsilon = 0 }).ToString(); }],
        ["Epsilon", () => { (Normalization.Batch with { Epsilon = -1 }).ToString(); }],
        ["Momentum", () => { (Normalization.Batch with { Momentum = 1.1 }).ToString(); }],
        ["Gain", () => { (Initializer.XavierUniform with { Gain = 0 }).ToString(); }],
        ["Gain", () => { (Initializer.XavierNormal with { Gain = double.PositiveInfinity }).ToString(); }],
        ["MaxNorm", () => { GradientClipper.Norm(0).ToString(); }],
        ["LearningRate", () => { Optimizer.Sgd(-0.1).ToString(); }],
        ["LearningRate", () => { Optimizer.Adam(double.NaN).ToString(); }],
        ["Momentum", () => { Optimizer.Sgd(0.1, momentum: 1).ToString(); }],
        ["Beta1", () => { (Optimizer.Adam() with { Beta1 = 1 }).ToString(); }],
        ["Beta2", () => { (Optimizer.Adam() with { Beta2 = -0.1 }).ToString(); }],
        ["Epsilon", () => { (Optimizer.Adam() with { Epsilon = 0 }).ToString(); }],
        ["MaxNorm", () => { (Detector.ExplodingGradient with { MaxNorm = 0 }).ToString(); }],
        ["MaxGrowth", () => { (Detector.ExplodingGradient with { MaxGrowth = 0 }).ToString(); }],
        ["MaxDepthRatio", () => { (Detector.ExplodingGradient with { MaxDepthRatio = 0 }).ToString(); }],
        ["Patience", () => { (Detector.ExplodingGradient with { Patience = 0 }).ToString(); }],
        ["MinDepthRatio", () => { (Detector.VanishingGradient with { MinDepthRatio = 0 }).ToString(); }],
        ["MinNorm", () => { (Detector.VanishingGradient with { MinNorm = 0 }).ToString(); }],
        ["Patience", () => { (Detector.VanishingGradient with { Patience = 0 }).ToString(); }],
        ["Mode", () => { (Initializer.HeNormal with { Mode = (FanMode)2 }).ToString(); }],
        ["Mode", () => { (Initializer.HeUniform with { Mode = (FanMode)2 }).ToString(); }],
        // What single precision cannot hold.
        ["LearningRate", () => { Optimizer.Adam(1e300).ToString(); }],
        ["MaxNorm", () => { GradientClipper.Norm(1e-300).ToString(); }],
        ["Value", () => { Initializer.Constant(-1e39).ToString(); }],
        ["InitialGate", () => { Residual.Gated(1e39).ToString(); }],
        ["Min", () => { Activation.HardTanh(min: -1e39).ToString(); }],
        ["InitialAccumulator", () => { (Optimizer.Adagrad() with { InitialAccumulator = 1e39 }).ToString(); }],
        ["RelativeThreshold", () => { GradientClipper.AdaGc(1e39).ToString(); }],
        ["ClassWeights", () => { new DeepNetworkMulticlassTrainer.Options { ClassWeights = [1, 1e39] }.ToString(); }],
        ["EmaDecay", () => { new DeepNetworkMulticlassTrainer.Options { EmaDecay = 1 - 1e-12 }.ToString(); }],
    ];

    [TestMethod]
    [DynamicData(nameof(OutOfRange))]
    public void An_option_out_of_range_is_refused_by_name(string option, Action set)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(set);
        Assert.AreEqual(option, error.ParamName);
        StringAssert.StartsWith(error.Message, $"{option} is ");
    }

    [TestMethod]
    public void An_option_cannot_be_null()
    {
        var options = new DeepNetworkMulticlassTrainer.Options();
        foreach (var property in typeof(DeepNetworkMulticlassTrainer.Options).GetProperties().Where(p => !p.PropertyType.IsValueType && p.PropertyType != typeof(string) && !MayBeNull(p)))
        {
            var error = Assert.ThrowsExactly<System.Reflection.TargetInvocationException>(() => property.SetValue(options, null), property.Name);
            Assert.AreEqual(property.Name, ((ArgumentNullException)error.InnerException!).ParamName);
        }
    }

    [TestMethod]
    public void Neither_can_a_member_of_a_list()
    {
        Assert.AreEqual("Detectors", Assert.ThrowsExactly<ArgumentNullException>(() => new DeepNetworkBinaryTrainer.Options { Detectors = [null!] }).ParamName);
        Assert.AreEqual("Regularization", Assert.ThrowsExactly<ArgumentNullException>(() => new DeepNetworkBinaryTrainer.Options { Regularization = [null!] }).ParamName);
    }

    [TestMethod]
    public void Lists_are_copied()
    {
        var (detectors, regularizers) = (new List<Detector> { Detector.NonFiniteGradient }, new List<Regularizer> { Regularizer.L1() });
        var options = new DeepNetworkBinaryTrainer.Options { Detectors = detectors, Regularization = regularizers };
        detectors.Clear();
        regularizers.Clear();
        Assert.HasCount(1, options.Detectors);
        Assert.HasCount(1, options.Regularization);
    }

    [TestMethod]
    public void A_number_without_bounds_must_be_finite()
    {
        Assert.Contains("InitialGate is NaN", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Residual.Gated(double.NaN)).Message);
        Assert.Contains("Value is -Infinity", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Initializer.Constant(double.NegativeInfinity)).Message);
    }

    private static bool MayBeNull(System.Reflection.PropertyInfo property) =>
        new System.Reflection.NullabilityInfoContext().Create(property).WriteState == System.Reflection.NullabilityState.Nullable;

    [TestMethod]
    public void A_trainer_keeps_the_options_it_was_given()
    {
        var ml = new MLContext(seed: 1);
        var options = Samples.Small();
        var trainer = ml.MulticlassClassification.Trainers.DeepNetwork(options);
        options.LabelColumnName = "Elsewhere";
        using var model = trainer.Fit(Samples.KeyedClusters(ml));
        Assert.AreEqual(options.Epochs, model.Model.Summary.Epochs);
    }

    [TestMethod]
    public void A_feature_column_cannot_be_named_like_an_output()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new MLContext().MulticlassClassification.Trainers.DeepNetwork(featureColumnName: "Score"));
        Assert.AreEqual("FeatureColumnName", error.ParamName);
    }

    [TestMethod]
    public void Options_print_the_choices_in_one_line_whatever_the_culture()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        try
        {
            var culture = (System.Globalization.CultureInfo)System.Globalization.CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            Thread.CurrentThread.CurrentCulture = culture;
            var options = new DeepNetworkMulticlassTrainer.Options
            {
                Network = Network.FeedForward(32, 16) with { Residual = Residual.Identity, Dropout = 0.25 },
                Initializer = Initializer.XavierNormal with { Gain = 1.5 },
                Clipping = GradientClipper.Norm(0.5),
                Optimizer = Optimizer.Sgd(0.05, momentum: 0.9),
            };
            Assert.AreEqual(
                "32-16 Relu, normalization Layer, residual Identity, dropout 0.25; initializer XavierNormal, gain 1.5; clipping Norm(0.5); "
                + "optimizer Sgd(0.05, momentum 0.9); schedule Constant; batch 64; epochs 100", options.ToString());
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    [TestMethod]
    public void Networks_with_the_same_layers_are_equal()
    {
        Assert.AreEqual(Network.FeedForward(3, 4), Network.FeedForward(3, 4));
        Assert.AreEqual(Network.FeedForward(3, 4).GetHashCode(), Network.FeedForward(3, 4).GetHashCode());
        Assert.AreNotEqual(Network.FeedForward(3, 4), Network.FeedForward(4, 3));
        Assert.AreNotEqual(Network.FeedForward(3, 4), Network.FeedForward(3, 4) with { Residual = Residual.Identity });
    }
}
