using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// How the numbers of a row lie in an image, a signal or a sequence, one behind the other in the feature column. Where a network's
/// <c>Input</c> is <see langword="null"/>, the dimensions of the column say it.
/// </summary>
public sealed record InputShape
{
    /// <summary>Numbers that a row may have at most.</summary>
    private const long Most = 1 << 24;

    [JsonConstructor]
    internal InputShape() { }

    /// <summary>Numbers at each position; the number of different tokens where <see cref="IsTokens"/>.</summary>
    [JsonInclude]
    public int Channels { get; private init; } = 1;

    /// <summary>Rows of an image; 0 of anything else.</summary>
    [JsonInclude]
    public int Height { get; private init; }

    /// <summary>Positions in a row of an image, samples of a signal, steps of a sequence.</summary>
    [JsonInclude]
    public int Length { get; private init; } = 1;

    /// <summary>Whether the numbers of a position lie side by side, as in a sequence; otherwise channel lies behind channel.</summary>
    [JsonInclude]
    public bool ChannelsLast { get; private init; }

    /// <summary>Whether every step is the number of a token, from 1; 0 for none.</summary>
    [JsonInclude]
    public bool IsTokens { get; private init; }

    /// <summary>
    /// Whether a row may have fewer steps than <see cref="Length"/>, as those of a column of vectors of unknown size. The column says it, whatever
    /// the options of a trainer do.
    /// </summary>
    [JsonInclude]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool VariesInLength { get; internal init; }

    /// <summary>Images: channel behind channel, each of rows of pixels, as ML.NET's <c>ExtractPixels</c> gives them unless it interleaves colors.</summary>
    /// <param name="channels">Colors, at least 1.</param>
    /// <param name="height">Rows of pixels, at least 1.</param>
    /// <param name="width">Pixels a row, at least 1.</param>
    public static InputShape Image(int channels, int height, int width) => Checked(new()
    {
        Channels = Check.AtLeast(channels, 1, nameof(channels)), Height = Check.AtLeast(height, 1, nameof(height)), Length = Check.AtLeast(width, 1, nameof(width)),
    });

    /// <summary>Signals: channel behind channel, each of samples in order.</summary>
    /// <param name="channels">Channels, at least 1.</param>
    /// <param name="length">Samples a channel, at least 1.</param>
    public static InputShape Signal(int channels, int length) => Checked(new()
    {
        Channels = Check.AtLeast(channels, 1, nameof(channels)), Length = Check.AtLeast(length, 1, nameof(length)),
    });

    /// <summary>Sequences: step behind step, each of some features.</summary>
    /// <param name="steps">Steps, at least 1.</param>
    /// <param name="features">Features a step, at least 1.</param>
    public static InputShape Sequence(int steps, int features) => Checked(new()
    {
        Channels = Check.AtLeast(features, 1, nameof(features)), Length = Check.AtLeast(steps, 1, nameof(steps)), ChannelsLast = true,
    });

    /// <summary>
    /// Sequences of tokens, words or characters, each by its number from 1; 0 is no token, so that rows of different lengths fit: the rest is 0.
    /// </summary>
    /// <param name="steps">Tokens a row at most, at least 1.</param>
    /// <param name="vocabulary">Different tokens, at least 1.</param>
    public static InputShape Tokens(int steps, int vocabulary) => Checked(new()
    {
        Channels = Check.AtLeast(vocabulary, 1, nameof(vocabulary)), Length = Check.AtLeast(steps, 1, nameof(steps)), ChannelsLast = true, IsTokens = true,
    });

    /// <summary>Numbers a row.</summary>
    internal int Size => Positions * StepSize;

    /// <summary>Numbers of a step.</summary>
    internal int StepSize => IsTokens ? 1 : Channels;

    /// <summary>Positions of a channel.</summary>
    internal int Positions => Math.Max(Height, 1) * Length;

    /// <summary>Steps of a sequence; <see langword="null"/> where rows have different lengths.</summary>
    internal int? Steps => VariesInLength ? null : Length;

    /// <summary>The channel that a number of a row belongs to.</summary>
    internal int ChannelOf(int slot) => ChannelsLast ? slot % Channels : slot / Positions;

    /// <summary>In one line.</summary>
    public override string ToString() =>
        IsTokens ? $"{UpTo}{Length} tokens of {Channels}"
        : Height > 0 ? $"image {Channels}×{Height}×{Length}"
        : ChannelsLast ? $"{UpTo}{Length} steps of {Channels}"
        : $"signal {Channels}×{Length}";

    private string UpTo => VariesInLength ? "up to " : "";

    private static InputShape Checked(InputShape shape)
    {
        var size = (double)Math.Max(shape.Height, 1) * shape.Length * (shape.IsTokens ? 1 : shape.Channels);
        Check.That(size <= Most, nameof(shape), shape.ToString(), $"a row may have {Most} numbers at most");
        return shape;
    }
}
