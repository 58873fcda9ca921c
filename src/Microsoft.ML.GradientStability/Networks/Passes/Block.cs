using System.Runtime.CompilerServices;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The numbers of some rows (rows × width), row by row without gaps, in memory that is kept from step to step. A vector may be read and written
/// beyond the last number; what lies there is nobody's.
/// </summary>
/// <param name="width">Numbers a row.</param>
internal sealed unsafe class Block(int width)
{
    private const int Alignment = 16, Beyond = 16;

    /// <summary>Pinned: it stays where it is as long as this object holds it.</summary>
    private float[] _memory = [];

    public int Width => width;

    public int Rows { get; private set; }

    /// <summary>The first number, at the beginning of a line of the cache.</summary>
    public float* Start { get; private set; }

    public Span<float> Values => new(Start, Rows * width);

    public Matrix Matrix => new(Start, Rows, width, width);

    /// <summary>Of as many equal parts as that, one after the other, the rows of one, from 0.</summary>
    public Matrix Part(int part, int parts) => new(Row(part * (Rows / parts)), Rows / parts, width, width);

    public float* Row(int row) => Start + (nint)row * width;

    public Span<float> RowValues(int row) => new(Row(row), width);

    /// <summary>This block with room for so many rows, whose numbers are those of before or any.</summary>
    public Block Of(int rows)
    {
        var length = checked(rows * width + Alignment + Beyond);
        if (length > _memory.Length)
        {
            _memory = GC.AllocateArray<float>(length, pinned: true);
            var address = (nuint)Unsafe.AsPointer(ref _memory[0]);
            Start = (float*)((address + Alignment * sizeof(float) - 1) / (Alignment * sizeof(float)) * (Alignment * sizeof(float)));
        }
        Rows = rows;
        return this;
    }

    /// <summary>The same numbers as those of another block of this width.</summary>
    public Block CopyOf(Block other)
    {
        Of(other.Rows);
        other.Values.CopyTo(Values);
        return this;
    }
}
