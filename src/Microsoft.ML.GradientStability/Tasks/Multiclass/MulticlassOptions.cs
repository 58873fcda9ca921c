namespace Microsoft.ML.GradientStability;

/// <summary>The options of trainers that tell classes apart, of rows or of steps.</summary>
public abstract class MulticlassOptions : ClassificationOptions
{
    private double _labelSmoothing;
    private IReadOnlyList<double>? _classWeights;

    private protected MulticlassOptions() { }

    /// <summary>
    /// ε, the share of certainty that every target gives to all classes alike (Szegedy et al. 2016, who take 0.1), in [0, 1). Default 0:
    /// probabilities as the rows have them.
    /// </summary>
    public double LabelSmoothing
    {
        get => _labelSmoothing;
        set => _labelSmoothing = Check.InRange(value, 0, 1, nameof(LabelSmoothing), upperIncluded: false);
    }

    /// <summary>
    /// How much the rows of each class count, one finite number of at least 0 for every key of the label, in their order; the greatest at
    /// most 1e30 times the least above 0.
    /// Default <see langword="null"/>: all the same.
    /// </summary>
    public IReadOnlyList<double>? ClassWeights
    {
        get => _classWeights;
        set
        {
            for (var i = 0; i < value?.Count; i++)
                Check.That(float.IsFinite((float)value[i]) && value[i] >= 0, nameof(ClassWeights), value[i], $"the weight of class {i + 1} must be a number of at least 0, finite in single precision");
            Check.That(value is null || value.Any(weight => weight > 0), nameof(ClassWeights), "0 for all classes", "at least one class must count");
            Check.That(value is null || value.Max() <= 1e30 * value.Where(weight => weight > 0).Min(), nameof(ClassWeights), value is null ? null : Listing.Of(value.Select(weight => $"{weight}"), value.Count),
                "the greatest must be at most 1e30 times the least above 0, or single precision has no digit for both");
            _classWeights = value is null ? null : [.. value];
        }
    }

    internal override double WeightOfClass(int index) => _classWeights?[index] ?? 1;

    internal override void WeighClasses(IReadOnlyList<double>? weights) => ClassWeights = weights;
}
