using static Microsoft.ML.GradientStability.Tests.BadInput.BadInput;

namespace Microsoft.ML.GradientStability.Tests.BadInput;

/// <summary>Options out of range, refused where they are set, and options that work against each other, refused where the trainer is made.</summary>
internal static class OptionCases
{
    private const string Area = "Options";

    public static IEnumerable<BadInput> All() =>
    [
        .. Line<ArgumentOutOfRangeException>(Area, "a number of a trainer is out of range", "",
            ("BatchSize = 0", () => Made(new DeepNetworkMulticlassTrainer.Options { BatchSize = 0 }), "BatchSize is … (Parameter 'BatchSize')"),
            ("Epochs = 0", () => Made(new DeepNetworkMulticlassTrainer.Options { Epochs = 0 }), "Epochs is … (Parameter 'Epochs')"),
            ("ValidationFraction = 1", () => Made(new DeepNetworkMulticlassTrainer.Options { ValidationFraction = 1 }), "ValidationFraction is … (Parameter 'ValidationFraction')"),
            ("ValidationFraction = double.NaN", () => Made(new DeepNetworkMulticlassTrainer.Options { ValidationFraction = double.NaN }), "ValidationFraction is … (Parameter 'ValidationFraction')"),
            ("MemoryBudget = 1 << 19", () => Made(new DeepNetworkMulticlassTrainer.Options { MemoryBudget = 1 << 19 }), "MemoryBudget is … (Parameter 'MemoryBudget')"),
            ("LabelSmoothing = 1", () => Made(new DeepNetworkMulticlassTrainer.Options { LabelSmoothing = 1 }), "LabelSmoothing is … (Parameter 'LabelSmoothing')"),
            ("ClassWeights = [1, -1]", () => Made(new DeepNetworkMulticlassTrainer.Options { ClassWeights = [1, -1] }), "ClassWeights is … (Parameter 'ClassWeights')"),
            ("ClassWeights = [0, 0]", () => Made(new DeepNetworkMulticlassTrainer.Options { ClassWeights = [0, 0] }), "ClassWeights is … (Parameter 'ClassWeights')"),
            ("PositiveWeight = 0", () => Made(new DeepNetworkBinaryTrainer.Options { PositiveWeight = 0 }), "PositiveWeight is … (Parameter 'PositiveWeight')"),
            ("EmbeddingSize = 0", () => Made(new DeepAutoencoderEstimator.Options { EmbeddingSize = 0 }), "EmbeddingSize is … (Parameter 'EmbeddingSize')"),
            ("RegressionLoss.Huber(0)", () => Made(RegressionLoss.Huber(0)), "Delta is … (Parameter 'Delta')"),
            ("EarlyStopping.After(0)", () => Made(EarlyStopping.After(0)), "Patience is … (Parameter 'Patience')"),
            ("EarlyStopping.After(1, -1)", () => Made(EarlyStopping.After(1, -1)), "MinDelta is … (Parameter 'MinDelta')"),
            ("ProgressSteps = -1", () => Made(new DeepNetworkMulticlassTrainer.Options { ProgressSteps = -1 }), "ProgressSteps is … (Parameter 'ProgressSteps')")),
        .. Line<ArgumentOutOfRangeException>(Area, "a number of a network or initializer is out of range", "",
            ("Network.FeedForward()", () => Made(Network.FeedForward()), "HiddenUnits is … (Parameter 'HiddenUnits')"),
            ("Network.FeedForward(8, 0)", () => Made(Network.FeedForward(8, 0)), "HiddenUnits is … (Parameter 'HiddenUnits')"),
            ("Network.BestOf(one)", () => Made(Network.BestOf(Network.FeedForward(8))), "Candidates is … two networks"),
            ("Network.BestOf(a choice)", () => Made(Network.BestOf(Network.FeedForward(8), Network.BestOf(Network.FeedForward(8), Network.FeedForward(4)))), "Candidates is … list those of the other"),
            ("Network.BestOf(rows, images)", () => Made(Network.BestOf(Network.FeedForward(8), Network.Convolutional(8) with { Input = InputShape.Image(1, 4, 4) })), "Candidates is … the same InputShape"),
            ("Network.FeedForward(65537)", () => Made(Network.FeedForward(65537)), "HiddenUnits is … (Parameter 'HiddenUnits')"),
            ("Network.FeedForward(8) with { Dropout = 1 }", () => Made(Network.FeedForward(8) with { Dropout = 1 }), "Dropout is … (Parameter 'Dropout')"),
            ("Normalization.Layer with { Epsilon = 0 }", () => Made(Normalization.Layer with { Epsilon = 0 }), "Epsilon is … (Parameter 'Epsilon')"),
            ("Normalization.Batch with { Epsilon = -1 }", () => Made(Normalization.Batch with { Epsilon = -1 }), "Epsilon is … (Parameter 'Epsilon')"),
            ("Normalization.Batch with { Momentum = 1.1 }", () => Made(Normalization.Batch with { Momentum = 1.1 }), "Momentum is … (Parameter 'Momentum')"),
            ("Initializer.XavierUniform with { Gain = 0 }", () => Made(Initializer.XavierUniform with { Gain = 0 }), "Gain is … (Parameter 'Gain')"),
            ("Initializer.XavierNormal with { Gain = double.PositiveInfinity }", () => Made(Initializer.XavierNormal with { Gain = double.PositiveInfinity }), "Gain is … (Parameter 'Gain')"),
            ("Initializer.HeNormal with { Mode = (FanMode)2 }", () => Made(Initializer.HeNormal with { Mode = (FanMode)2 }), "Mode is … (Parameter 'Mode')"),
            ("Initializer.HeUniform with { Mode = (FanMode)2 }", () => Made(Initializer.HeUniform with { Mode = (FanMode)2 }), "Mode is … (Parameter 'Mode')"),
            ("Residual.Gated(double.NaN)", () => Made(Residual.Gated(double.NaN)), "InitialGate is … (Parameter 'InitialGate')"),
            ("Initializer.Constant(−∞)", () => Made(Initializer.Constant(double.NegativeInfinity)), "Value is … (Parameter 'Value')")),
        .. Line<ArgumentOutOfRangeException>(Area, "a number of a clipper or optimizer is out of range", "",
            ("GradientClipper.Norm(0)", () => Made(GradientClipper.Norm(0)), "MaxNorm is … (Parameter 'MaxNorm')"),
            ("Optimizer.Sgd(-0.1)", () => Made(Optimizer.Sgd(-0.1)), "LearningRate is … (Parameter 'LearningRate')"),
            ("Optimizer.Adam(double.NaN)", () => Made(Optimizer.Adam(double.NaN)), "LearningRate is … (Parameter 'LearningRate')"),
            ("Optimizer.Sgd(0.1, momentum: 1)", () => Made(Optimizer.Sgd(0.1, momentum: 1)), "Momentum is … (Parameter 'Momentum')"),
            ("Optimizer.Adam() with { Beta1 = 1 }", () => Made(Optimizer.Adam() with { Beta1 = 1 }), "Beta1 is … (Parameter 'Beta1')"),
            ("Optimizer.Adam() with { Beta2 = -0.1 }", () => Made(Optimizer.Adam() with { Beta2 = -0.1 }), "Beta2 is … (Parameter 'Beta2')"),
            ("Optimizer.Adam() with { Epsilon = 0 }", () => Made(Optimizer.Adam() with { Epsilon = 0 }), "Epsilon is … (Parameter 'Epsilon')")),
        .. Line<ArgumentOutOfRangeException>(Area, "a number of a detector is out of range", "",
            ("Detector.ExplodingGradient with { MaxNorm = 0 }", () => Made(Detector.ExplodingGradient with { MaxNorm = 0 }), "MaxNorm is … (Parameter 'MaxNorm')"),
            ("Detector.ExplodingGradient with { MaxGrowth = 0 }", () => Made(Detector.ExplodingGradient with { MaxGrowth = 0 }), "MaxGrowth is … (Parameter 'MaxGrowth')"),
            ("Detector.ExplodingGradient with { MaxDepthRatio = 0 }", () => Made(Detector.ExplodingGradient with { MaxDepthRatio = 0 }), "MaxDepthRatio is … (Parameter 'MaxDepthRatio')"),
            ("Detector.ExplodingGradient with { Patience = 0 }", () => Made(Detector.ExplodingGradient with { Patience = 0 }), "Patience is … (Parameter 'Patience')"),
            ("Detector.VanishingGradient with { MinDepthRatio = 0 }", () => Made(Detector.VanishingGradient with { MinDepthRatio = 0 }), "MinDepthRatio is … (Parameter 'MinDepthRatio')"),
            ("Detector.VanishingGradient with { MinNorm = 0 }", () => Made(Detector.VanishingGradient with { MinNorm = 0 }), "MinNorm is … (Parameter 'MinNorm')"),
            ("Detector.VanishingGradient with { Patience = 0 }", () => Made(Detector.VanishingGradient with { Patience = 0 }), "Patience is … (Parameter 'Patience')")),
        .. Line<ArgumentOutOfRangeException>(Area, "single precision cannot hold a number", "",
            ("Optimizer.Adam(1e300)", () => Made(Optimizer.Adam(1e300)), "LearningRate is … (Parameter 'LearningRate')"),
            ("GradientClipper.Norm(1e-300)", () => Made(GradientClipper.Norm(1e-300)), "MaxNorm is … (Parameter 'MaxNorm')"),
            ("Initializer.Constant(-1e39)", () => Made(Initializer.Constant(-1e39)), "Value is … (Parameter 'Value')"),
            ("Residual.Gated(1e39)", () => Made(Residual.Gated(1e39)), "InitialGate is … (Parameter 'InitialGate')"),
            ("Activation.HardTanh(min: -1e39)", () => Made(Activation.HardTanh(min: -1e39)), "Min is … (Parameter 'Min')"),
            ("Optimizer.Adagrad() with { InitialAccumulator = 1e39 }", () => Made(Optimizer.Adagrad() with { InitialAccumulator = 1e39 }), "InitialAccumulator is … (Parameter 'InitialAccumulator')"),
            ("GradientClipper.AdaGc(1e39)", () => Made(GradientClipper.AdaGc(1e39)), "RelativeThreshold is … (Parameter 'RelativeThreshold')"),
            ("ClassWeights = [1, 1e39]", () => Made(new DeepNetworkMulticlassTrainer.Options { ClassWeights = [1, 1e39] }), "ClassWeights is … (Parameter 'ClassWeights')"),
            ("EmaDecay = 1 - 1e-12", () => Made(new DeepNetworkMulticlassTrainer.Options { EmaDecay = 1 - 1e-12 }), "EmaDecay is … (Parameter 'EmaDecay')")),
        .. Line<ArgumentOutOfRangeException>(Area, "the name of a column is blank", "is …: it must name a column",
            ("ExampleWeightColumnName = \"\"", () => Made(new DeepNetworkRegressionTrainer.Options { ExampleWeightColumnName = "" }), "ExampleWeightColumnName is … (Parameter 'ExampleWeightColumnName')"),
            ("LabelColumnName = \" \"", () => Made(new DeepNetworkMulticlassTrainer.Options { LabelColumnName = " " }), "LabelColumnName is … (Parameter 'LabelColumnName')")),
        .. Line<ArgumentOutOfRangeException>(Area, "two columns would have one name", "",
            ("features named Score", () => new MLContext().MulticlassClassification.Trainers.DeepNetwork(featureColumnName: "Score"), "FeatureColumnName is Score … taken by an output"),
            ("features named Probability", () => new MLContext().BinaryClassification.Trainers.DeepNetwork(featureColumnName: "Probability"), "FeatureColumnName is Probability"),
            ("features named as the embedding", () => new MLContext().Transforms.DeepAutoencoder("Features", "Features"), "FeatureColumnName is Features"),
            ("embedding and error alike", () => new MLContext().Transforms.DeepAutoencoder(new DeepAutoencoderEstimator.Options { ErrorColumnName = "Embedding" }), "ErrorColumnName is Embedding … columns of their own")),
        .. Line<ArgumentOutOfRangeException>(Area, "options work against each other", "",
            ("groups that do not divide the units", () => Trainer(o => o.Network = Plain(12) with { Normalization = Normalization.Group(8) }), "Normalization: in hidden layer 1, 8 groups do not divide 12 units; change one or the other"),
            ("channels of one unit", () => Trainer(o => o.Network = Plain(8) with { Normalization = Normalization.Instance(8) }), "Normalization: in hidden layer 1 … change one or the other"),
            ("batch normalization of single rows", () => Trainer(o => (o.Network, o.BatchSize) = (Plain(8) with { Normalization = Normalization.Batch }, 1)), "BatchSize: … set Normalization.Layer"),
            ("both kinds of dropout", () => Trainer(o => o.Network = Plain(8) with { Activation = Activation.Selu, AlphaDropout = 0.1, Dropout = 0.1 }), "AlphaDropout: … set one of the two to 0"),
            ("alpha dropout without SELU", () => Trainer(o => o.Network = Plain(8) with { AlphaDropout = 0.1 }), "AlphaDropout: … set Activation.Selu"),
            ("Fixup without residual branches", () => Trainer(o => (o.Network, o.Initializer) = (Plain(8, 8), Initializer.Fixup)), "Initializer: … set Residual.Identity"),
            ("a gate and branches that start at 0", () => Trainer(o => (o.Network, o.Initializer) = (Plain(8, 8) with { Residual = Residual.Gated() }, Initializer.Fixup)), "Residual: … set Residual.Gated(1)"),
            ("Nesterov's step without momentum", () => Trainer(o => o.Optimizer = Optimizer.Sgd(0.1) with { Nesterov = true }), "Optimizer: … set a Momentum above 0"),
            ("weight decay twice", () => Trainer(o => (o.Optimizer, o.Regularization) = (Optimizer.AdamW(), [Regularizer.WeightDecay()])), "Regularization: … leave one out"),
            ("early stopping without held-out rows", () => Trainer(o => o.EarlyStopping = EarlyStopping.After()), "EarlyStopping: it needs held-out rows; set a ValidationFraction"),
            ("weights normalized by a size of 0", () => Trainer(o => (o.Network, o.Initializer) = (Plain(8) with { WeightParametrization = WeightParametrization.WeightNormalization }, Initializer.Constant(0))), "WeightParametrization: … take another initializer"),
            ("an embedding of one unit with standardized weights", () => new MLContext().Transforms.DeepAutoencoder(new DeepAutoencoderEstimator.Options
            {
                Network = Plain(8) with { Normalization = Normalization.Group(2), WeightParametrization = WeightParametrization.WeightStandardization }, EmbeddingSize = 1,
            }), "EmbeddingSize: in the layer behind the embedding … change one or the other")),
        .. Line<ArgumentOutOfRangeException>(Area, "a range test of no range", "is …: it must be",
            ("the highest rate below the lowest", () => Range(lowest: 1, highest: 0.1), "highest is 0.1 … above lowest"),
            ("a lowest rate of 0", () => Range(lowest: 0), "lowest is 0"),
            ("a highest rate of NaN", () => Range(highest: double.NaN), "highest is NaN"),
            ("19 steps", () => Range(steps: 19), "steps is 19 … at least 20")),
    ];

    /// <summary>The argument was what threw.</summary>
    private static void Made(object value) => GC.KeepAlive(value);

    private static FeedForwardNetwork Plain(params int[] units) => Network.FeedForward(units) with { Normalization = Normalization.None };

    private static void Trainer(Action<SupervisedOptions> change) => Tables.Trainer(EveryTask.Regression, change);

    private static void Range(double lowest = 1e-6, double highest = 10, int steps = 100) =>
        new MLContext().Regression.Trainers.DeepNetwork("Number").FindLearningRate(EveryTask.Load(new MLContext(), EveryTask.Rows(20)), lowest, highest, steps);
}
