namespace Microsoft.ML.GradientStability;

/// <summary>A feature column, as networks whose rows have a shape see it.</summary>
/// <param name="Name">Of the column.</param>
/// <param name="Dimensions">Of its vectors.</param>
/// <param name="Keys">Different keys where its items are keys; 0 where they are numbers.</param>
/// <param name="Varies">Whether rows are sequences of different lengths, at most as long as the dimensions say.</param>
internal sealed record ColumnShape(string Name, IReadOnlyList<int> Dimensions, int Keys, bool Varies = false)
{
    /// <summary>The feature columns that follow it, where there are several.</summary>
    public IReadOnlyList<ColumnShape> Beside { get; init; } = [];

    /// <summary>Values a row.</summary>
    public int Width => Dimensions.Aggregate(1, (product, size) => product * size);

    /// <summary>The image or the signal that a row is: what the options say, or three dimensions, two, or one channel of samples.</summary>
    /// <exception cref="InvalidOperationException">The column does not fit.</exception>
    public InputShape ToImage(InputShape? given) => Fitting(given ?? Dimensions switch
    {
        [var channels, var height, var width] => InputShape.Image(channels, height, width),
        [var channels, var length] => InputShape.Signal(channels, length),
        _ => InputShape.Signal(1, Width),
    });

    /// <summary>The sequence that a row is: what the options say, or keys, two dimensions, or a number a step.</summary>
    /// <exception cref="InvalidOperationException">The column does not fit.</exception>
    public InputShape ToSequence(InputShape? given) => Fitting(given ?? (Keys > 0 ? InputShape.Tokens(Width, Keys) : Dimensions switch
    {
        [var steps, var features] => InputShape.Sequence(steps, features),
        _ => InputShape.Sequence(Width, 1),
    })) with { VariesInLength = Varies };

    private InputShape Fitting(InputShape shape)
    {
        if (shape.Size != Width)
            throw new InvalidOperationException(
                $"The feature column '{Name}' has {string.Join('×', Dimensions)} values a row, and the network's Input, {shape}, takes {shape.Size}. "
                + "Set an Input that fits the column, or none where the dimensions of the column say it, or resize what makes the column.");
        if (Varies && !shape.ChannelsLast)
            throw new InvalidOperationException(
                $"The feature column '{Name}' has rows of different lengths, and the network's Input, {shape}, takes those of one. Set InputShape.Sequence, the greatest number of steps and the features of each.");
        if (Keys > 0 && !shape.IsTokens)
            throw new InvalidOperationException(
                $"The feature column '{Name}' has keys, and the network's Input, {shape}, takes numbers. Keys are the tokens of Network.Recurrent and Network.Attention; leave Input out there.");
        if (shape.IsTokens && Keys > shape.Channels)
            throw new InvalidOperationException(
                $"The feature column '{Name}' has {Keys} different keys, and the network's Input, {shape}, knows {shape.Channels}. Raise its vocabulary, or leave Input out.");
        return shape;
    }
}
