namespace Faults;

/// <summary>A row, with a label for each task; a program reads the one of its own.</summary>
internal sealed class Row
{
    public required float[] Features { get; set; }

    public float Number { get; set; }

    public bool Flag { get; set; }

    public uint Class { get; set; }

    public Row Clone() => new() { Features = [.. Features], Number = Number, Flag = Flag, Class = Class };
}
