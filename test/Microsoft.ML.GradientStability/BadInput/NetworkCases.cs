using Microsoft.ML.GradientStability.Tests.Networks;
using static TorchSharp.torch;
using static Microsoft.ML.GradientStability.Tests.BadInput.BadInput;

namespace Microsoft.ML.GradientStability.Tests.BadInput;

/// <summary>Rows that do not fit the shape that a network takes.</summary>
internal static class NetworkCases
{
    private const string Area = "Images, signals and sequences";

    public static IEnumerable<BadInput> All() =>
    [
        .. Line<InvalidOperationException>(Area, "the size of an image or a sequence does not fit the column", "The feature column 'Features' has … values a row, and the network's Input, … takes … Set an Input that fits",
            ("an image", () => Fit(Network.Convolutional(4) with { Input = InputShape.Image(1, 5, 5) }, Numbers(4), 1, 4, 6), "has 1×4×6 values … image 1×5×5, takes 25"),
            ("a signal", () => Fit(Network.Convolutional(4) with { Input = InputShape.Signal(1, 25) }, Numbers(4), 24), "has 24 values"),
            ("a sequence", () => Fit(Network.Recurrent(hidden: 4) with { Input = InputShape.Sequence(7, 3) }, Numbers(4), 6, 4), "has 6×4 values … 7 steps of 3, takes 21"),
            ("a sequence that is longer than the positions", () => Fit(Network.Attention(8, 1, 2) with { Input = InputShape.Tokens(20, 5) }, Numbers(4), 24), "20 tokens of 5, takes 20")),
        .. Line<InvalidOperationException>(Area, "a number is no token", "Row … has … at step … of column 'Features', which is no token: the embedding of the network knows 1 to 5",
            ("beyond the vocabulary", () => Fit(Tokens, [[1, 2, 3], [1, 6, 0]], 3), "Row 2 has 6 at step 2"),
            ("below 0", () => Fit(Tokens, [[-1, 2, 3]], 3), "Row 1 has -1 at step 1"),
            ("between two", () => Fit(Tokens, [[1, 2, 3], [1, 2, 3], [4, 2, 1.5f]], 3), "Row 3 has 1.5 at step 3")),
        .. Line<InvalidOperationException>(Area, "a row of a column of vectors of unknown size is no sequence that the network takes", "Row … has … in column 'Features',",
            ("it is empty", () => Fit(Steps, [[1, 2, 3, 4], []]), "Row 2 has no step … an empty sequence from which nothing can be learnt"),
            ("it has half a step", () => Fit(Steps, [[1, 2, 3, 4], [1, 2, 3]]), "Row 2 has 3 values … which are no whole steps of 2"),
            ("it is longer than the Input says", () => Fit(Steps, [[1, 2], [1, 2, 3, 4, 5, 6, 7, 8]]), "Row 2 has a sequence of 4 steps … and the network takes 3 at most"),
            ("it is longer than the positions, in the ValidationSet", () => Fit(Network.Attention(8, 1, 2) with { Input = InputShape.Sequence(3, 2) }, [[1, 2], [-1, 2, 3, 4, 0, 0]], set: [[1, 2, 3, 4, 5, 6, 7, 8]]), "Row 1 has a sequence of 4 steps")),
        .. Line<InvalidOperationException>(Area, "a step of a sequence is no number", "Row … has the value … in … of column 'Features'. A network needs finite features",
            ("NaN", () => Fit(Steps, [[1, 2, 3, 4], [1, 2, float.NaN, 3]]), "Row 2 has the value NaN in slot 2"),
            ("NaN at the end", () => Fit(Steps, [[1, 2, 3, 4], [1, 2, float.NaN, float.NaN]]), "Row 2 has the value NaN in slot 2")),
        .. Line<InvalidOperationException>(Area, "rows of different lengths are taken as an image or a signal", "has rows of different lengths, and the network's Input, … takes those of one",
            ("a signal", () => Fit(Network.Recurrent(hidden: 4) with { Input = InputShape.Signal(2, 3) }, [[1, 2], [1, 2, 3, 4]]), "signal 2×3")),
        .. Line<ArgumentOutOfRangeException>(Area, "a network of rows of one length gets vectors of unknown size", "Schema mismatch for feature column 'Features': expected a known-size vector of Single, got a vector of Single of unknown size",
            ("convolutions", () => Fit(Network.Convolutional(4), [[1, 2], [1, 2, 3, 4]]), "[VectorType(n)]"),
            ("dense layers", () => Fit(Network.FeedForward(4), [[1, 2], [1, 2, 3, 4]]), "[VectorType(n)]")),
        .. Line<InvalidOperationException>(Area, "a sequence is empty", "has no token in column 'Features', an empty sequence",
            ("recurrent", () => Fit(Tokens, [[1, 2, 3], [0, 0, 0]], 3), "Row 2"),
            ("attention", () => Fit(Network.Attention(8, 1, 2) with { Input = InputShape.Tokens(3, 5) }, [[0, 0, 0]], 3), "Row 1")),
        .. Line<InvalidOperationException>(Area, "the layers of a custom network do not fit", "The custom network 'custom'",
            ("the wrong number of outputs", () => Fit(Network.Custom((inputs, _) => nn.Linear(inputs, 7)), Numbers(4), 24), "gives 7 numbers a row at its end, output layer (24→7), and the task needs 3"),
            ("the wrong number of inputs", () => Fit(Network.Custom((inputs, outputs) => nn.Sequential(("one", nn.Linear(inputs, 8)), ("two", nn.Linear(9, outputs)))), Numbers(4), 24), "output layer (9→3) cannot take 8 numbers, which is what hidden layer 1 of 1 (24→8) gives"),
            ("no layer with weights", () => Fit(Network.Custom((_, _) => nn.ReLU()), Numbers(4), 24), "has no layer with weights")),
        .. Line<NotSupportedException>(Area, "a layer of a custom network has no form in ONNX", "The custom network 'custom' has a layer … which has no form in an ONNX file here",
            ("a layer that is not known", () => Fit(Network.Custom((inputs, outputs) => nn.Sequential(("one", nn.Linear(inputs, 8)), ("two", nn.Softmax(1)), ("three", nn.Linear(8, outputs)))), Numbers(4), 24), "'two' (Softmax)"),
            ("an even kernel", () => Fit(Network.Custom((_, outputs) => nn.Sequential(("one", nn.Conv1d(1, 2, 4)), ("two", nn.Flatten()), ("three", nn.Linear(42, outputs))), InputShape.Signal(1, 24)), Numbers(4), 24), "'one' (Conv1d) of such a kernel")),
        .. Line<ArgumentOutOfRangeException>(Area, "options of a network that contradict each other", "",
            ("heads that do not divide the width", () => Fit(Network.Attention(10, 1, 4), Numbers(4), 24), "4 heads do not divide a width of 10"),
            ("batch normalization of steps", () => Fit(Network.Recurrent() with { Normalization = Normalization.Batch }, Numbers(4), 24), "every step of a sequence is normalized by itself"),
            ("standardized weights from step to step", () => Fit(Network.Recurrent() with { WeightParametrization = WeightParametrization.WeightStandardization }, Numbers(4), 24), "by √units every time … WeightNormalization"),
            ("a bottleneck without a shortcut", () => Fit(Network.Convolutional(8) with { Bottleneck = true }, Numbers(4), 24), "a bottleneck is a residual block"),
            ("an autoencoder of convolutions", () => new MLContext().Transforms.DeepAutoencoder(new DeepAutoencoderEstimator.Options { Network = Network.Convolutional(4) }), "Network.FeedForward")),
        .. Line<ArgumentOutOfRangeException>(Area, "a number of a network is out of range", "",
            ("Network.Convolutional()", () => GC.KeepAlive(Network.Convolutional()), "Channels"),
            ("Network.Convolutional(0)", () => GC.KeepAlive(Network.Convolutional(0)), "Channels"),
            ("an even Kernel", () => GC.KeepAlive(Network.Convolutional(4) with { Kernel = 2 }), "Kernel"),
            ("HeadUnits = [0]", () => GC.KeepAlive(Network.Convolutional(4) with { HeadUnits = [0] }), "HeadUnits"),
            ("Network.Recurrent(hidden: 0)", () => GC.KeepAlive(Network.Recurrent(hidden: 0)), "Hidden"),
            ("Network.Attention(layers: 0)", () => GC.KeepAlive(Network.Attention(layers: 0)), "Layers"),
            ("InputShape.Image(0, 8, 8)", () => GC.KeepAlive(InputShape.Image(0, 8, 8)), "channels"),
            ("InputShape.Sequence(1 << 20, 1 << 10)", () => GC.KeepAlive(InputShape.Sequence(1 << 20, 1 << 10)), "numbers at most")),
    ];

    private static Network Steps => Network.Recurrent(hidden: 4) with { Input = InputShape.Sequence(3, 2) };

    private static Network Tokens => Network.Recurrent(hidden: 4) with { Input = InputShape.Tokens(3, 5) };

    private static IEnumerable<float[]> Numbers(int rows) =>
        Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, 24).Select(slot => (float)Math.Sin(row + 2 * slot)).ToArray());

    private static void Fit(Network network, IEnumerable<float[]> rows, params int[] dimensions) =>
        new MLContext().MulticlassClassification.Trainers.DeepNetwork(new() { Network = network, Epochs = 1 }).Fit(ShapedRows.Load(rows, dimensions));

    private static void Fit(Network network, IEnumerable<float[]> rows, IEnumerable<float[]> set) =>
        new MLContext().MulticlassClassification.Trainers.DeepNetwork(new() { Network = network, Epochs = 1, ValidationSet = ShapedRows.Load(set) }).Fit(ShapedRows.Load(rows));
}
