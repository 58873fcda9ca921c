namespace Microsoft.ML.GradientStability;

/// <summary>What detectors know of the fit that they watch.</summary>
internal sealed class TrainingContext(TrainingOptions options, Objective objective, NetworkModule module, FlatParameters parameters, DataFacts data)
{
    public TrainingOptions Options => options;

    public FlatParameters Parameters => parameters;

    public Objective Objective => objective;

    /// <summary>All that is known of the fit so far.</summary>
    public FitEvidence Evidence { get; } = new(options, objective, module, parameters, data);

    /// <summary>The rows of the step, by their number from 0 in the data; empty where they are streamed.</summary>
    public Func<IReadOnlyList<long>> Rows { get; set; } = () => [];

    /// <summary>Why something is seen.</summary>
    public Explanation Explain(Symptom symptom) => Explanation.Of(Evidence, symptom);
}
