namespace Microsoft.ML.GradientStability.Tests.Options;

[TestClass]
public sealed class OptionsTests
{
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
                + "optimizer Sgd(0.05, momentum 0.9); schedule Cosine; batch by rows; epochs by rows", options.ToString());
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
