using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.GradientStability;

/// <summary>The sizes that sequences are padded to in a saved model, each four times the one before.</summary>
internal static class SequencePadders
{
    /// <summary>The column of the sequence.</summary>
    public const string Sequence = ScoreColumns.Own + "Sequence";

    /// <summary>The column of the padded row.</summary>
    public const string Padded = ScoreColumns.Own + "Padded";

    private static readonly ISequencePadder[] s_all =
        [new PadderTo16(), new PadderTo64(), new PadderTo256(), new PadderTo1024(), new PadderTo4096(), new PadderTo16384(), new PadderTo65536(), new PadderTo262144(), new PadderTo1048576()];

    /// <summary>The least that holds so many numbers.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static ISequencePadder For(int numbers) => s_all.FirstOrDefault(padder => padder.Size >= numbers) ?? throw new NotSupportedException(
        $"The network takes sequences of up to {numbers} numbers a row, and a saved model of {s_all[^1].Size}. Shorten the rows, or say by the network's Input how long they are.");
}

/// <summary>To 16 numbers.</summary>
[CustomMappingFactoryAttribute(Name)]
internal sealed class PadderTo16 : SequencePadder<PadderTo16.Row>
{
    private const string Name = "Microsoft.ML.GradientStability.Padded.16";
    private const int Numbers = 16;

    protected override string Contract => Name;

    public override int Size => Numbers;

    internal sealed class Row : IPaddedRow
    {
        [ColumnName(SequencePadders.Padded), VectorType(Numbers)]
        public VBuffer<float> Values { get; set; }
    }
}

/// <summary>To 64 numbers.</summary>
[CustomMappingFactoryAttribute(Name)]
internal sealed class PadderTo64 : SequencePadder<PadderTo64.Row>
{
    private const string Name = "Microsoft.ML.GradientStability.Padded.64";
    private const int Numbers = 64;

    protected override string Contract => Name;

    public override int Size => Numbers;

    internal sealed class Row : IPaddedRow
    {
        [ColumnName(SequencePadders.Padded), VectorType(Numbers)]
        public VBuffer<float> Values { get; set; }
    }
}

/// <summary>To 256 numbers.</summary>
[CustomMappingFactoryAttribute(Name)]
internal sealed class PadderTo256 : SequencePadder<PadderTo256.Row>
{
    private const string Name = "Microsoft.ML.GradientStability.Padded.256";
    private const int Numbers = 256;

    protected override string Contract => Name;

    public override int Size => Numbers;

    internal sealed class Row : IPaddedRow
    {
        [ColumnName(SequencePadders.Padded), VectorType(Numbers)]
        public VBuffer<float> Values { get; set; }
    }
}

/// <summary>To 1,024 numbers.</summary>
[CustomMappingFactoryAttribute(Name)]
internal sealed class PadderTo1024 : SequencePadder<PadderTo1024.Row>
{
    private const string Name = "Microsoft.ML.GradientStability.Padded.1024";
    private const int Numbers = 1024;

    protected override string Contract => Name;

    public override int Size => Numbers;

    internal sealed class Row : IPaddedRow
    {
        [ColumnName(SequencePadders.Padded), VectorType(Numbers)]
        public VBuffer<float> Values { get; set; }
    }
}

/// <summary>To 4,096 numbers.</summary>
[CustomMappingFactoryAttribute(Name)]
internal sealed class PadderTo4096 : SequencePadder<PadderTo4096.Row>
{
    private const string Name = "Microsoft.ML.GradientStability.Padded.4096";
    private const int Numbers = 4096;

    protected override string Contract => Name;

    public override int Size => Numbers;

    internal sealed class Row : IPaddedRow
    {
        [ColumnName(SequencePadders.Padded), VectorType(Numbers)]
        public VBuffer<float> Values { get; set; }
    }
}

/// <summary>To 16,384 numbers.</summary>
[CustomMappingFactoryAttribute(Name)]
internal sealed class PadderTo16384 : SequencePadder<PadderTo16384.Row>
{
    private const string Name = "Microsoft.ML.GradientStability.Padded.16384";
    private const int Numbers = 16384;

    protected override string Contract => Name;

    public override int Size => Numbers;

    internal sealed class Row : IPaddedRow
    {
        [ColumnName(SequencePadders.Padded), VectorType(Numbers)]
        public VBuffer<float> Values { get; set; }
    }
}

/// <summary>To 65,536 numbers.</summary>
[CustomMappingFactoryAttribute(Name)]
internal sealed class PadderTo65536 : SequencePadder<PadderTo65536.Row>
{
    private const string Name = "Microsoft.ML.GradientStability.Padded.65536";
    private const int Numbers = 65536;

    protected override string Contract => Name;

    public override int Size => Numbers;

    internal sealed class Row : IPaddedRow
    {
        [ColumnName(SequencePadders.Padded), VectorType(Numbers)]
        public VBuffer<float> Values { get; set; }
    }
}

/// <summary>To 262,144 numbers.</summary>
[CustomMappingFactoryAttribute(Name)]
internal sealed class PadderTo262144 : SequencePadder<PadderTo262144.Row>
{
    private const string Name = "Microsoft.ML.GradientStability.Padded.262144";
    private const int Numbers = 262144;

    protected override string Contract => Name;

    public override int Size => Numbers;

    internal sealed class Row : IPaddedRow
    {
        [ColumnName(SequencePadders.Padded), VectorType(Numbers)]
        public VBuffer<float> Values { get; set; }
    }
}

/// <summary>To 1,048,576 numbers.</summary>
[CustomMappingFactoryAttribute(Name)]
internal sealed class PadderTo1048576 : SequencePadder<PadderTo1048576.Row>
{
    private const string Name = "Microsoft.ML.GradientStability.Padded.1048576";
    private const int Numbers = 1048576;

    protected override string Contract => Name;

    public override int Size => Numbers;

    internal sealed class Row : IPaddedRow
    {
        [ColumnName(SequencePadders.Padded), VectorType(Numbers)]
        public VBuffer<float> Values { get; set; }
    }
}
