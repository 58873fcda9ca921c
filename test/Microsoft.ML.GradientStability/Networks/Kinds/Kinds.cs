using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

/// <summary>Networks of every kind but feed-forward, small, each part of them in one at least.</summary>
internal static class Kinds
{
    public const int Classes = 3;

    public static IEnumerable<Network> All() => [.. Recurrent(), .. Convolutional(), .. Attention(), .. OfDifferentLengths(), Custom()];

    /// <summary>Networks that read one column, and have two numbers, and keys of two columns, beside what they read; and dense layers behind that.</summary>
    public static IEnumerable<Network> Joined()
    {
        var beside = new BesideColumns(2, [new("Sort", 1, 4), new("Pair", 2, 3)]);
        var (sequence, tokens) = (InputShape.Sequence(6, 4), InputShape.Tokens(8, 5));
        var image = Network.Convolutional(4, 8) with { Input = InputShape.Image(2, 5, 4), Activation = Activation.Gelu, Beside = beside };
        var recurrent = Network.Recurrent(RecurrentCell.Gru, 6, bidirectional: true) with { Input = sequence, Beside = beside, HeadUnits = [9] };
        var attention = Network.Attention(16, 1, 2) with { Input = sequence, FeedForwardUnits = 32, Beside = beside, HeadUnits = [9, 7] };
        yield return image with { HeadUnits = [9] };
        yield return image with { HeadUnits = [], Residual = Residual.Identity with { BranchLayers = 2 } };
        yield return image with { Beside = new(3, []), WeightParametrization = WeightParametrization.WeightNormalization };
        yield return image with { Beside = null, HeadUnits = [9] };
        foreach (var shape in new[] { sequence, tokens, sequence with { VariesInLength = true }, tokens with { VariesInLength = true } })
        {
            yield return recurrent with { Input = shape, EmbeddingWidth = 4 };
            yield return attention with { Input = shape };
        }
        yield return recurrent with { Input = tokens, EmbeddingWidth = 4, Beside = new(0, [new("Sort", 1, 4)]) };
        yield return attention with { Causal = true, WeightParametrization = WeightParametrization.WeightStandardization };
    }

    /// <summary>Numbers of a row of a network.</summary>
    public static int Width(Network network) => network.Before + network.Shape!.Size;

    public static IEnumerable<object[]> Data() => All().Select(network => new object[] { network });

    private static IEnumerable<Network> Recurrent()
    {
        foreach (var cell in Known.All<RecurrentCell>())
            yield return Network.Recurrent(cell, hidden: 7) with { Input = InputShape.Sequence(6, 4) };
        foreach (var cell in Known.All<RecurrentCell>())
            yield return Network.Recurrent(cell, hidden: 7, bidirectional: cell.IsPlain) with { Input = InputShape.Sequence(6, 4), WeightParametrization = WeightParametrization.WeightNormalization };
        yield return Network.Recurrent(RecurrentCell.Lstm(), 6, layers: 2, bidirectional: true) with { Input = InputShape.Sequence(6, 4), Normalization = Normalization.Layer };
        yield return Network.Recurrent(RecurrentCell.Gru, 6, layers: 2, bidirectional: true) with { Input = InputShape.Signal(4, 6), Normalization = Normalization.Rms };
        yield return Network.Recurrent(RecurrentCell.Lstm(), 6, bidirectional: true) with { Input = InputShape.Tokens(8, 5), EmbeddingWidth = 4 };
        yield return Network.Recurrent(RecurrentCell.Gru, 8) with { Input = InputShape.Tokens(8, 5), EmbeddingWidth = 4 };
    }

    private static IEnumerable<Network> Convolutional()
    {
        var image = Network.Convolutional(4, 8) with { Input = InputShape.Image(2, 5, 4) };
        var signal = Network.Convolutional(4, 8) with { Input = InputShape.Signal(2, 9), Kernel = 5 };
        foreach (var network in new[] { image, signal })
        {
            foreach (var normalization in Known.All<Normalization>())
                yield return network with { Normalization = normalization is GroupNormalization ? Normalization.Group(1) : normalization };
            yield return network with { Normalization = Normalization.Instance() with { Affine = true } };
            yield return network with { Residual = Residual.Identity with { BranchLayers = 2 } };
            yield return network with { Residual = Residual.Gated(0.5) with { BranchLayers = 2, PostNorm = true }, Layers = 3 };
            yield return network with { Residual = Residual.Projection, Depthwise = true };
            yield return network with { Residual = Residual.Identity, Bottleneck = true, Normalization = Normalization.Layer };
        }
        yield return image with { Activation = Activation.PRelu(0.8) };
        yield return image with { Depthwise = true, LargeImages = true, Input = InputShape.Image(2, 17, 16) };
        yield return signal with { Depthwise = true, LargeImages = true, Input = InputShape.Signal(2, 40) };
        foreach (var parametrization in Known.All<WeightParametrization>().Where(p => p is not SpectralNormalization))
            yield return image with { WeightParametrization = parametrization, Normalization = Normalization.Group(1) };
    }

    private static IEnumerable<Network> Attention()
    {
        var numbers = Network.Attention(16, 2, 2) with { Input = InputShape.Sequence(6, 4), FeedForwardUnits = 32 };
        var tokens = Network.Attention(16, 2, 2) with { Input = InputShape.Tokens(8, 5), FeedForwardUnits = 32 };
        foreach (var network in new[] { numbers, tokens })
        {
            foreach (var positions in Known.All<PositionEncoding>())
                yield return network with { Positions = positions, Causal = positions is not SinusoidalPositions };
            yield return network with { Residual = Residual.Identity with { PostNorm = true }, QkNormalization = true };
            yield return network with { Residual = Residual.Gated(0.5), Normalization = Normalization.Rms, Activation = Activation.PRelu(0.8) };
        }
        foreach (var parametrization in Known.All<WeightParametrization>().Where(p => p is not SpectralNormalization))
            yield return numbers with { WeightParametrization = parametrization };
    }

    /// <summary>Rows of fewer steps than the network was made for.</summary>
    public static IEnumerable<Network> OfDifferentLengths()
    {
        var (numbers, tokens) = (InputShape.Sequence(6, 4) with { VariesInLength = true }, InputShape.Tokens(8, 5) with { VariesInLength = true });
        foreach (var cell in Known.All<RecurrentCell>())
            yield return Network.Recurrent(cell, hidden: 7, bidirectional: true) with { Input = numbers };
        yield return Network.Recurrent(RecurrentCell.Lstm(), 6, layers: 2, bidirectional: true) with { Input = numbers, Normalization = Normalization.Layer };
        yield return Network.Recurrent(RecurrentCell.Gru, 6, layers: 2, bidirectional: true) with { Input = tokens, EmbeddingWidth = 4 };
        yield return Network.Recurrent(RecurrentCell.Lstm(), 6, layers: 2) with { Input = tokens, EmbeddingWidth = 4 };
        foreach (var shape in new[] { numbers, tokens })
            foreach (var positions in Known.All<PositionEncoding>())
            {
                yield return Network.Attention(16, 2, 2) with { Input = shape, FeedForwardUnits = 32, Positions = positions, QkNormalization = true };
                yield return Network.Attention(16, 2, 2) with { Input = shape, FeedForwardUnits = 32, Positions = positions, Causal = true };
            }
    }

    private static Network Custom() => Network.Custom(
        (_, outputs) => nn.Sequential(("first", nn.Conv2d(2, 4, 3, padding: 1)), ("norm", nn.BatchNorm2d(4)), ("bent", nn.GELU()), ("flat", nn.Flatten()),
            ("inner", nn.Sequential(("second", nn.Linear(80, 16)), ("even", nn.LayerNorm(16)), ("left", nn.Dropout(0)), ("bounded", nn.Tanh()))), ("last", nn.Linear(16, outputs))),
        InputShape.Image(2, 5, 4));

    /// <summary>Rows for a network: numbers, or tokens of which a row has one at least; NaN behind the end of a row that has a length of its own.</summary>
    public static float[] Rows(Network network, int rows, int seed = 3)
    {
        var random = new Random(seed);
        var shape = network.Shape!;
        return [.. Enumerable.Range(0, rows).SelectMany(_ => Beside().Concat(shape.IsTokens
            ? Tokens(random.Next(1, shape.Length + 1))
            : Numbers(shape.VariesInLength ? random.Next(1, shape.Length + 1) * shape.Channels : shape.Size)).ToArray())];

        IEnumerable<float> Beside() => Enumerable.Range(0, network.Before - network.Categories.Sum(column => column.Slots)).Select(_ => (float)(2 * random.NextDouble() - 1))
            .Concat(network.Categories.SelectMany(column => Enumerable.Range(0, column.Slots).Select(_ => (float)random.Next(column.Keys + 1))));

        IEnumerable<float> Tokens(int length) =>
            Enumerable.Range(0, shape.Length).Select(step => step < length ? random.Next(1, shape.Channels + 1) : shape.VariesInLength ? float.NaN : 0f);

        IEnumerable<float> Numbers(int length) =>
            Enumerable.Range(0, shape.Size).Select(number => number < length ? (float)(2 * random.NextDouble() - 1) : float.NaN);
    }
}
