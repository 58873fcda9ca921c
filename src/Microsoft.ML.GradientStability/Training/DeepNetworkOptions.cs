using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>The options of a deep-network trainer: what decides a fit, and who watches it.</summary>
public abstract class DeepNetworkOptions : TrainingOptions
{
    private StabilityPolicy _stability = StabilityPolicy.Stop;
    private IReadOnlyList<Detector> _detectors = Detector.All;
    private int _progressSteps;
    private int? _threads;
    private IReadOnlyList<Report> _reports = [Report.Terminal];
    private int _statisticsInterval = 16;

    private protected DeepNetworkOptions() { }

    /// <summary>Feature columns beside <see cref="TrainingOptions.FeatureColumnName"/>.</summary>
    internal virtual IReadOnlyList<string> FurtherColumns => [];

    /// <summary>The columns that a model of the task adds, where all that is left of it is its ONNX file.</summary>
    /// <param name="classes">The names of the classes, where there are any.</param>
    internal abstract ScoreColumns ColumnsOf(IReadOnlyList<string> classes);

    /// <summary>What is done about a <see cref="Finding"/>. Default <see cref="StabilityPolicy.Stop"/>.</summary>
    public StabilityPolicy Stability { get => _stability; set => _stability = Check.NotNull(value, nameof(Stability)); }

    /// <summary>The rules that watch the gradients. Default <see cref="Detector.All"/>; empty for none.</summary>
    public IReadOnlyList<Detector> Detectors { get => _detectors; set => _detectors = Check.AllNotNull(value, nameof(Detectors)); }

    /// <summary>
    /// Steps between full looks at gradients, weights and activations, at least 1; the loss and the norm of every layer's gradient are read at
    /// every step. Default 16, at which a full look costs less than a twentieth of the time.
    /// </summary>
    [JsonIgnore]
    public int StatisticsInterval { get => _statisticsInterval; set => _statisticsInterval = Check.AtLeast(value, 1, nameof(StatisticsInterval)); }

    /// <summary>Whether full looks count the magnitudes of gradients and weights, layer by layer. Default <see langword="false"/>.</summary>
    [JsonIgnore]
    public bool Histograms { get; set; }

    /// <summary>
    /// Called on the training thread after every epoch, for every new finding, and as <see cref="ProgressSteps"/> says.
    /// Default <see langword="null"/>: nobody.
    /// </summary>
    [JsonIgnore]
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Reports progress also after every so many steps, at least 0. Default 0: after epochs and at findings only.</summary>
    [JsonIgnore]
    public int ProgressSteps { get => _progressSteps; set => _progressSteps = Check.AtLeast(value, 0, nameof(ProgressSteps)); }

    /// <summary>
    /// The most processor threads that compute, at least 1. Default <see langword="null"/>: as many as the process may use. The size of the work bounds
    /// them too: one computes below 2²⁴ multiply-adds in the largest product of a step, where a second would slow it down. Where a step goes through LibTorch's graph, sums of several threads can differ in
    /// their last bits from those of one; set it where machines of different size are to give the same model.
    /// </summary>
    [JsonIgnore]
    public int? Threads { get => _threads; set => _threads = value is { } threads ? Check.AtLeast(threads, 1, nameof(Threads)) : null; }

    /// <summary>
    /// Where a fit is reported to, besides ML.NET's log and progress channel. Default <see cref="Report.Terminal"/>: a line on the terminal, where
    /// there is one and <see cref="Progress"/> is not set. Empty for nowhere. Fits that run at a time, as of parallel trials, need files of their own.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<Report> Reports { get => _reports; set => _reports = Check.AllNotNull(value, nameof(Reports)); }

    /// <summary>Options from what <see cref="TrainingOptions.ToJson"/> wrote, of the task it was written for; what the JSON leaves out has its default.</summary>
    /// <exception cref="JsonException">It is no JSON, or names an option or a strategy that there is not.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    /// <exception cref="ArgumentNullException">A value that must be given is null.</exception>
    public static DeepNetworkOptions FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return (DeepNetworkOptions)OptionsJson.Read(json);
    }
}
