namespace Microsoft.ML.GradientStability.Tests.Trainers;

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
                Network = Network.FeedForward(32, 16) with { Residual = true, Dropout = 0.25 },
                Initializer = Initializer.XavierNormal with { Gain = 1.5 },
                Clipping = GradientClipper.Norm(0.5),
                Optimizer = Optimizer.Sgd(0.05, momentum: 0.9),
            };
            Assert.AreEqual(
                "32-16 Relu, normalization Layer, residual, dropout 0.25; initializer XavierNormal, gain 1.5; clipping Norm(0.5); "
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
        Assert.AreNotEqual(Network.FeedForward(3, 4), Network.FeedForward(3, 4) with { Residual = true });
    }
}
