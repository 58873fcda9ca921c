using System.Collections.Immutable;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A network that reads the feature column by itself, as a sequence, a signal or an image, and may have others beside it: what it reads out of the column, r, the
/// numbers n of the others, standardized, and a learned vector e for each of their keys are joined to one row, [n, e, r], and dense layers of it, h ← σ(W·h + b), end
/// in the output layer.
/// </summary>
public abstract record ColumnNetwork : Network
{
    private const int HeadBesideColumns = 64;

    private readonly ImmutableArray<int>? _headUnits;
    private readonly BesideColumns? _beside;

    private protected ColumnNetwork() { }

    /// <summary>
    /// Units of the dense layers between what is read out and the output layer, each in [1, 65536]; empty for none. Default <see langword="null"/>: one of 64 where
    /// <see cref="SupervisedOptions.ExtraFeatureColumns"/> stand beside the column, none otherwise.
    /// </summary>
    public ImmutableArray<int>? HeadUnits
    {
        get => _headUnits;
        init
        {
            foreach (var units in value is { IsDefault: false } given ? given : [])
                Check.That(units is >= 1 and <= 65536, nameof(HeadUnits), units, "a dense layer has 1 to 65536 units");
            _headUnits = value is { IsDefault: true } ? null : value;
        }
    }

    /// <summary>The columns beside the one that is read, which a fit sets; <see langword="null"/> for none.</summary>
    [JsonInclude]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal BesideColumns? Beside
    {
        get => _beside;
        init
        {
            Check.That(value is null or { IsWhole: true }, nameof(Beside), "such", "it has Numbers, and Keys with a Name, and at least one of Slots and of Keys each; leave it out, a fit sets it");
            _beside = value;
        }
    }

    /// <summary>Its dense layers.</summary>
    internal ImmutableArray<int> Head => HeadUnits ?? (Beside is null ? [] : [HeadBesideColumns]);

    internal sealed override bool TakesCategories => true;

    internal sealed override bool IsApart => true;

    internal sealed override int Before => Beside?.Slots ?? 0;

    internal sealed override IReadOnlyList<KeyColumn> Categories => Beside?.Keys ?? [];

    internal sealed override Network For(long rows, bool areSparse, ColumnShape column, Network? previous) => Reading(column) with { Beside = BesideColumns.Of(column) };

    internal sealed override long LargestMatrix(int inputs, int outputs)
    {
        long[] widths = [ReadUnits + Before, .. Head, outputs];
        return Math.Max(LargestOfReading(inputs - Before, outputs), Head.IsEmpty ? 0 : widths.Zip(widths.Skip(1), (from, to) => from * to).Max());
    }

    internal sealed override NetworkModule CreateModule(int inputs, int outputs, in Origin origin, InputCode? code = null) => Create(inputs, outputs, ofSteps: false, origin);

    /// <inheritdoc />
    public virtual bool Equals(ColumnNetwork? other) => base.Equals(other) && Equals(Beside, other.Beside)
        && (_headUnits is { } units ? other._headUnits is { } others && units.AsSpan().SequenceEqual(others.AsSpan()) : other._headUnits is null);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), _headUnits?.Length, Beside);

    /// <summary>What <see cref="object.ToString"/> ends with.</summary>
    private protected string HeadText => HeadUnits is { } units ? $", head {(units.IsEmpty ? "of no layer" : string.Join('-', units))}" : "";

    /// <summary>The same network for rows of a column.</summary>
    /// <exception cref="InvalidOperationException">It cannot take such.</exception>
    private protected abstract ColumnNetwork Reading(ColumnShape column);

    /// <summary>Numbers that it reads out of a row, or of a step.</summary>
    private protected abstract int ReadUnits { get; }

    /// <summary>Weights in the largest matrix of what reads, and of the output layer over it.</summary>
    private protected abstract long LargestOfReading(int inputs, int outputs);

    /// <summary>The parts that read the column, batch × its numbers, and what they end in: <see cref="ReadUnits"/> numbers a row, or a step; with the label of the step before where one is fed.</summary>
    private protected abstract List<NetworkPart> Reader(int inputs, bool ofSteps, in Origin origin, FedLabel? label);

    /// <summary>The parts that do the same, and the output layer, where no dense layer stands between.</summary>
    private protected virtual List<NetworkPart> ReaderWithOutput(int inputs, int outputs, bool ofSteps, in Origin origin, FedLabel? label) =>
        [.. Reader(inputs, ofSteps, origin, label), Dense("output", ReadUnits, outputs, origin, new LayerRole(IsOutput: true), ofSteps)];

    /// <summary>The network over rows, or with outputs for every step.</summary>
    private protected NetworkModule Create(int inputs, int outputs, bool ofSteps, in Origin origin, FedLabel? label = null)
    {
        if (Beside is null && Head.IsEmpty)
            return new NetworkModule(ReaderWithOutput(inputs, outputs, ofSteps, origin, label), features: inputs);
        var parts = Reader(inputs - Before, ofSteps, origin, label);
        var width = ReadUnits;
        if (Beside is not null)
        {
            var joined = new JoinedColumns(Beside, parts, ReadUnits, origin);
            (parts, width) = ([joined], joined.Units);
        }
        var activation = Traits.Activation ?? Activation.Relu;
        for (var layer = 1; layer <= Head.Length; layer++)
        {
            var units = Head[layer - 1];
            parts.Add(Dense($"head{layer}", width, units, origin, new LayerRole(activation), ofSteps, activation, Traits.Dropout is > 0 and { } dropout ? new Dropout(dropout, origin.Random) : null));
            parts[^1].Layers[0].Title = $"head {layer} ({width}→{units})";
            width = units;
        }
        parts.Add(Dense("output", width, outputs, origin, new LayerRole(IsOutput: true), ofSteps));
        return new NetworkModule(parts, features: inputs);
    }

    /// <summary>A dense layer behind what reads, which nothing normalizes.</summary>
    private WeightedLayer Dense(string name, int inputs, int units, in Origin origin, LayerRole role, bool ofSteps, Activation? activation = null, Dropout? dropout = null) =>
        new(new(name, inputs, units, origin, role, Traits.WeightParametrization is { HoldsForOutput: true } parametrization ? parametrization : WeightParametrization.None,
            After: activation is null ? null : new Nonlinearity(activation, Normalization.None, normalizesLast: false, units), Dropout: dropout,
            Map: ofSteps ? new LinearMap(inputs, units, hasBias: true, ofSteps: true) : null));
}
