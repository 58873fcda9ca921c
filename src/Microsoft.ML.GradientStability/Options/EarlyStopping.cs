using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Ends training when the loss of the held-out rows has not improved for a while. It needs such rows: a
/// <see cref="TrainingOptions.ValidationFraction"/> or a <see cref="TrainingOptions.ValidationSet"/>.
/// </summary>
public sealed record EarlyStopping
{
    private readonly int _patience = 10;
    private readonly double _minDelta;

    [JsonConstructor]
    private EarlyStopping() { }

    /// <summary>After so many epochs without an improvement.</summary>
    /// <param name="patience">Epochs, at least 1. Default 10.</param>
    /// <param name="minDelta">The least fall of the loss that counts as one, at least 0, in the unit of the loss. Default 0.</param>
    public static EarlyStopping After(int patience = 10, double minDelta = 0) => new() { Patience = patience, MinDelta = minDelta };

    /// <summary>Epochs without an improvement, at least 1. Default 10.</summary>
    public int Patience { get => _patience; init => _patience = Check.AtLeast(value, 1, nameof(Patience)); }

    /// <summary>The least fall of the loss that counts, at least 0. Default 0.</summary>
    public double MinDelta { get => _minDelta; init => _minDelta = Check.AtLeast(value, 0.0, nameof(MinDelta)); }

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"After({Patience}, {MinDelta})");
}
