using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Networks of which every fit trains the one that suits its rows: of up to <see cref="MostRows"/> training rows one in five is held out, each candidate trains on
/// the others, and the one of the least loss on those held out is trained on all; less than 3 %, of classes also less than one nat over all of them, is taken for chance, and the later one is kept. Of rows so few
/// that are wide and sparse, as of featurized text, it is the last: to try each would take longer than the fit, and they hardly differ there. Of more rows, of
/// rows that do not fit the memory, and where training is not begun, as for an inspection, it is the first. Where training goes on, it is the one that it goes on from.
/// The first stands for rows with little noise: it takes more steps (<see cref="TrainingOptions.Epochs"/>), in its trial too. Networks that tell classes apart are judged, and scored, at the
/// temperature of the least loss on the rows held out (<see cref="ClassificationOptions.TemperatureScaling"/>).
/// </summary>
public sealed record NetworkChoice : Network
{
    /// <summary>Training rows up to which it pays: of more, what keeps few rows from being learnt by heart is no longer needed.</summary>
    public const int MostRows = 2500;

    private readonly ImmutableArray<Network> _candidates = [];

    [JsonConstructor]
    internal NetworkChoice() { }

    /// <summary>The networks, at least two, none of which is a choice itself, and all for rows of one form.</summary>
    public ImmutableArray<Network> Candidates
    {
        get => _candidates;
        init
        {
            Check.That(!value.IsDefault && value.Length >= 2, nameof(Candidates), value.IsDefault ? 0 : value.Length, "there must be two networks at least to choose from");
            foreach (var candidate in value)
                Check.That(Check.NotNull(candidate, nameof(Candidates)) is not NetworkChoice, nameof(Candidates), candidate, "a choice holds networks, and no other choice: list those of the other in its place");
            Check.That(value.All(candidate => Equals(candidate.Shape, value[0].Shape) && candidate.TakesKeys == value[0].TakesKeys), nameof(Candidates),
                string.Join(", ", value), "all must take rows of one form: the same InputShape");
            _candidates = value;
        }
    }

    internal override IReadOnlyList<Network> Alternatives => Candidates;

    internal override NetworkTraits Traits => Candidates[0].Traits;

    internal override bool TakesSparseRows => Candidates.All(candidate => candidate.TakesSparseRows);

    internal override bool TakesKeys => Candidates[0].TakesKeys;

    internal override bool TakesSequences => Candidates.All(candidate => candidate.TakesSequences);

    internal override bool HasMostSteps => Candidates.Any(candidate => candidate.HasMostSteps);

    internal override bool HasSteps => Candidates.All(candidate => candidate.HasSteps);

    internal override bool FeedsLabels => Candidates.Any(candidate => candidate.FeedsLabels);

    internal override bool TakesCategories => Candidates.All(candidate => candidate.TakesCategories && candidate.IsApart == IsApart);

    internal override bool IsApart => Candidates[0].IsApart;

    internal override int Before => Candidates[0].Before;

    internal override IReadOnlyList<KeyColumn> Categories => Candidates[0].Categories;

    internal override InputShape? Shape => Candidates[0].Shape;

    internal override bool HasMirror => Candidates.All(candidate => candidate.HasMirror);

    internal override Network With(NetworkTraits traits) => this with { Candidates = [.. Candidates.Select(candidate => candidate.With(traits))] };

    internal override long LargestMatrix(int inputs, int outputs) => Candidates.Max(candidate => candidate.LargestMatrix(inputs, outputs));

    internal override string? DifferenceFrom(Network previous) =>
        Candidates.Any(candidate => candidate.DifferenceFrom(previous) is null) ? null : Candidates[0].DifferenceFrom(previous);

    internal override Network For(long rows, bool areSparse, ColumnShape column, Network? previous)
    {
        Network[] all = [.. Candidates.Select(candidate => candidate.For(rows, areSparse, column, previous))];
        if (previous is not null)
            return all.FirstOrDefault(candidate => candidate.Equals(previous)) ?? all.First(candidate => candidate.DifferenceFrom(previous) is null);
        return rows > MostRows ? all[0] : areSparse ? all[^1] : new NetworkChoice { Candidates = [.. all] };
    }

    internal override InputCode? Encode(FeatureSample features) => Candidates[0].Encode(features);

    internal override InputCode? ReadCode(int features, Func<string, Array?> constants) => Candidates[0].ReadCode(features, constants);

    internal override NetworkModule CreateModule(int inputs, int outputs, in Origin origin, InputCode? code = null) => Candidates[0].CreateModule(inputs, outputs, origin, code);

    internal override NetworkModule CreateOfSteps(int inputs, int outputs, in Origin origin, FedLabel label) => Candidates[0].CreateOfSteps(inputs, outputs, origin, label);

    internal override NetworkModule CreateAutoencoder(int inputs, int embedding, in Origin origin, InputCode? code = null) =>
        Candidates[0].CreateAutoencoder(inputs, embedding, origin, code);

    /// <inheritdoc />
    public bool Equals(NetworkChoice? other) => other is not null && _candidates.AsSpan().SequenceEqual(other._candidates.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(_candidates.Length, _candidates[0]);

    /// <summary>One readable line.</summary>
    public override string ToString() => $"best of {string.Join(" or ", Candidates)}";
}
