namespace Growth;

/// <summary>A fit of one size.</summary>
/// <param name="Depth">Hidden layers.</param>
/// <param name="Width">Units of each.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Features">Numbers a row.</param>
/// <param name="Classes">Classes.</param>
/// <param name="Batch">Rows a batch.</param>
/// <param name="Epochs">Epochs.</param>
internal sealed record Point(int Depth, int Width, int Rows, int Features, int Classes, int Batch, int Epochs)
{
    /// <summary>Of the rows, in bytes; where an epoch is all, more of them are streamed.</summary>
    public long MemoryBudget => Epochs == 1 ? 64 << 20 : 1L << 33;

    /// <summary>The point as arguments of a program.</summary>
    public string[] Arguments => [.. new[] { Depth, Width, Rows, Features, Classes, Batch, Epochs }.Select(number => $"{number}")];

    public static Point Of(string[] arguments)
    {
        var numbers = arguments.Select(int.Parse).ToArray();
        return new(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]);
    }
}
