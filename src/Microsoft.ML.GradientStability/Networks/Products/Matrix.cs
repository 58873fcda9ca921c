namespace Microsoft.ML.GradientStability;

/// <summary>Numbers in rows and columns, in memory that somebody else holds.</summary>
/// <param name="start">The first number.</param>
/// <param name="rows">Rows.</param>
/// <param name="columns">Columns.</param>
/// <param name="down">From a row to the next, in numbers.</param>
/// <param name="across">From a column to the next, in numbers.</param>
internal readonly unsafe struct Matrix(float* start, int rows, int columns, nint down, nint across = 1)
{
    public float* Start => start;

    public int Rows => rows;

    public int Columns => columns;

    public nint Down => down;

    public nint Across => across;

    /// <summary>Some of its columns, from <paramref name="left"/> on.</summary>
    public Matrix From(int left, int count) => new(start + left * across, rows, count, down, across);

    public Matrix Transposed => new(start, columns, rows, across, down);
}
