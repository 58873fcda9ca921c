namespace Microsoft.ML.GradientStability;

/// <summary>The options of trainers that learn from labels.</summary>
public abstract class SupervisedOptions : DeepNetworkOptions
{
    private string _labelColumnName = "Label";
    private string? _exampleWeightColumnName;
    private string? _spreadColumnName;

    private protected SupervisedOptions() { }

    /// <summary>The columns that these options name.</summary>
    internal static InputColumns InputColumns(SupervisedOptions? options, LabelReader labels) => options is null
        ? throw new ArgumentNullException(nameof(options))
        : new InputColumns(options.FeatureColumnName, options.LabelColumnName, options.ExampleWeightColumnName, labels);

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
}
