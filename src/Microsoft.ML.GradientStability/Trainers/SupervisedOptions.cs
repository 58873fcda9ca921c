namespace Microsoft.ML.GradientStability;

/// <summary>The options of trainers that learn from labels.</summary>
public abstract class SupervisedOptions : DeepNetworkOptions
{
    private string _labelColumnName = "Label";
    private string? _exampleWeightColumnName;

    private protected SupervisedOptions() { }

    /// <summary>The columns that these options name.</summary>
    internal static InputColumns InputColumns(SupervisedOptions? options, LabelReader labels) => options is null
        ? throw new ArgumentNullException(nameof(options))
        : new InputColumns(options.FeatureColumnName, options.LabelColumnName, options.ExampleWeightColumnName, labels);

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
}
