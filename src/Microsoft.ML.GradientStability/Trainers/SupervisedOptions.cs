namespace Microsoft.ML.GradientStability;

/// <summary>The options of trainers that learn from labels.</summary>
public abstract class SupervisedOptions : DeepNetworkOptions
{
    private string _labelColumnName = "Label";
    private string? _exampleWeightColumnName;
    private string? _spreadColumnName;
    private IReadOnlyList<string> _extraFeatureColumns = [];

    private protected SupervisedOptions() { }

    /// <summary>The columns that these options name.</summary>
    internal static InputColumns InputColumns(SupervisedOptions? options, LabelReader labels) => options is null
        ? throw new ArgumentNullException(nameof(options))
        : new InputColumns(options.FeatureColumnName, options.LabelColumnName, options.ExampleWeightColumnName, labels) { Extra = options.ExtraFeatureColumns };

    /// <summary>
    /// Feature columns beside <see cref="TrainingOptions.FeatureColumnName"/>. Each is a single value or a vector of
    /// Single, or of keys, as <c>MapValueToKey</c> makes them: categories, each of which gets a learned vector (<see cref="FeedForwardNetwork.EmbeddingWidth"/>). So is the first column
    /// of a feed-forward network; other networks read theirs by itself, and join these with what they read (<see cref="ColumnNetwork"/>).
    /// Default: none; the one column is a vector of Single then.
    /// </summary>
    public IReadOnlyList<string> ExtraFeatureColumns
    {
        get => _extraFeatureColumns;
        set
        {
            foreach (var name in Check.AllNotNull(value, nameof(ExtraFeatureColumns)))
                Check.Name(name, nameof(ExtraFeatureColumns));
            _extraFeatureColumns = [.. value];
        }
    }

    /// <summary>The columns of a task, and that of the members' spread, where options name one.</summary>
    internal static IReadOnlyList<string> Outputs(SupervisedOptions? options, params string[] ofTask)
    {
        if (options?.SpreadColumnName is not { } spread)
            return ofTask;
        Check.That(!ofTask.Contains(spread), nameof(SpreadColumnName), spread, "the task has a column of that name; choose another");
        return [.. ofTask, spread];
    }

    /// <summary>The label column. Default <c>Label</c>.</summary>
    public string LabelColumnName { get => _labelColumnName; set => _labelColumnName = Check.Name(value, nameof(LabelColumnName)); }

    /// <summary>
    /// A column of Single that says how much each row counts, in the losses of training and of held-out rows; at least 0, 0 leaves a
    /// row out. Default <see langword="null"/>: all the same.
    /// </summary>
    public string? ExampleWeightColumnName
    {
        get => _exampleWeightColumnName;
        set => _exampleWeightColumnName = value is null ? null : Check.Name(value, nameof(ExampleWeightColumnName));
    }

    /// <summary>
    /// A column to add that says how far the members of an ensemble are apart, the standard deviation of their predictions: of numbers a Single in the unit of the
    /// label, of yes or no that of the probability, of classes that of each class's probability. It is large where rows like it were few or contradicted each
    /// other. The network has to be an ensemble: see <see cref="FeedForwardNetwork.Ensemble"/>. Default <see langword="null"/>: none.
    /// </summary>
    public string? SpreadColumnName
    {
        get => _spreadColumnName;
        set => _spreadColumnName = value is null ? null : Check.Name(value, nameof(SpreadColumnName));
    }

    internal override IReadOnlyList<string> FurtherColumns => ExtraFeatureColumns;

    internal override IEnumerable<OptionConflict> ConflictsOfTask()
    {
        if (ExtraFeatureColumns.Count > 0 && !Network.TakesCategories)
            yield return new(Severity.Error, nameof(ExtraFeatureColumns), $"the network {Network} takes one feature column; take Network.FeedForward for several");
        foreach (var name in ExtraFeatureColumns.Append(FeatureColumnName).GroupBy(name => name).Where(same => same.Count() > 1).Select(same => same.Key))
            yield return new(Severity.Error, nameof(ExtraFeatureColumns), $"'{name}' is a feature column twice; name it once");
        if (ExtraFeatureColumns.FirstOrDefault(name => name == LabelColumnName || name == ExampleWeightColumnName) is { } other)
            yield return new(Severity.Error, nameof(ExtraFeatureColumns), $"'{other}' is the {(other == LabelColumnName ? "label" : "weight")} column; leave it out of the features");
    }
}
