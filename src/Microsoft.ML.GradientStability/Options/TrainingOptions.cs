using System.Text.Json;
using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The options that decide what a fit does, shared by all deep-network trainers. Every setter checks its value and throws
/// <see cref="ArgumentOutOfRangeException"/> or <see cref="ArgumentNullException"/>; nothing is clamped.
/// </summary>
[TypeFormatterSource]
public abstract class TrainingOptions
{
    private static readonly FeedForwardNetwork s_bold = Network.FeedForward(128, 128) with
    {
        Encoding = InputEncoding.PiecewiseLinear(), Normalization = Normalization.Batch, Dropout = 0.1, Ensemble = null,
    };

    private static readonly NetworkChoice s_network = Network.BestOf(s_bold, s_bold with { Encoding = InputEncoding.PiecewiseLinear(edges: BinEdges.Tree), Dropout = 0.3 });

    private string _featureColumnName = "Features";
    private Network _network = s_network;
    private Initializer _initializer = Initializer.HeUniform;
    private GradientClipper _clipping = GradientClipper.Norm(1);
    private Optimizer _optimizer = Optimizer.Adam(0.006);
    private LearningRateSchedule _schedule = LearningRateSchedule.Cosine;
    private IReadOnlyList<Regularizer> _regularization = [];
    private double? _emaDecay;
    private int? _batchSize;
    private int _accumulationSteps = 1;
    private int? _epochs;
    private double _validationFraction;
    private long _memoryBudget = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    private protected TrainingOptions() { }

    /// <summary>
    /// The feature column, a vector of Single of known size; for <see cref="RecurrentNetwork"/> and <see cref="AttentionNetwork"/> also of keys, and of unknown size. Default <c>Features</c>.
    /// </summary>
    public string FeatureColumnName { get => _featureColumnName; set => _featureColumnName = Check.Name(value, nameof(FeatureColumnName)); }

    /// <summary>
    /// Whether the network first brings every feature to mean 0 and standard deviation 1, by the training rows, and holds it within
    /// ±10 of them; what it learnt of them is part of the model. A feature that is constant in the training rows is 0
    /// whatever comes; to an autoencoder it is 10 deviations away when it moves. Default <see langword="true"/>; a pipeline that already
    /// normalizes loses nothing. Where rows are wide and sparse (of 512 features or more at most one in 50 is not 0, over all rows),
    /// features are not shifted, and all divided by one number, the root mean square of the rows' norms.
    /// </summary>
    public bool StandardizeFeatures { get; set; } = true;

    /// <summary>
    /// What the network is made of. Default the better, by held-out rows, of two (<see cref="Network.BestOf"/>), both of two hidden layers of 128 ReLU
    /// units with batch normalization and of few rows an ensemble: one with codes of 16 quantiles and dropout 0.1, and, of up to
    /// <see cref="NetworkChoice.MostRows"/> rows, one with codes by a tree and dropout 0.3, which wide sparse rows take at once. Chosen by <c>build/bench.sh Tables study</c>.
    /// </summary>
    public Network Network { get => _network; set => _network = Check.NotNull(value, nameof(Network)); }

    /// <summary>The first values of the weights. Default <see cref="Initializer.HeUniform"/>.</summary>
    public Initializer Initializer { get => _initializer; set => _initializer = Check.NotNull(value, nameof(Initializer)); }

    /// <summary>What is done to a gradient that is too large. Default <c>GradientClipper.Norm(1)</c>.</summary>
    public GradientClipper Clipping { get => _clipping; set => _clipping = Check.NotNull(value, nameof(Clipping)); }

    /// <summary>
    /// Whether the mean over the inputs is first taken out of the gradient of every unit's weights (Yong et al. 2020), before clipping.
    /// Default <see langword="false"/>.
    /// </summary>
    public bool CentralizeGradients { get; set; }

    /// <summary>How a gradient moves the weights. Default <c>Optimizer.Adam(0.006)</c>.</summary>
    public Optimizer Optimizer { get => _optimizer; set => _optimizer = Check.NotNull(value, nameof(Optimizer)); }

    /// <summary>How the learning rate changes during training. Default <see cref="LearningRateSchedule.Cosine"/>: down to 0.</summary>
    public LearningRateSchedule Schedule { get => _schedule; set => _schedule = Check.NotNull(value, nameof(Schedule)); }

    /// <summary>What keeps weights small, each in turn. Default empty: nothing.</summary>
    public IReadOnlyList<Regularizer> Regularization
    {
        get => _regularization;
        set => _regularization = Check.AllNotNull(value, nameof(Regularization));
    }

    /// <summary>
    /// d of an exponential moving average a ← d·a + (1 − d)·w of the weights (Polyak and Juditsky 1992), in [0, 1), which is what held-out
    /// rows judge and the model gets; (1 + t)/(10 + t) at step t as long as that is less. Default <see langword="null"/>: the weights
    /// themselves. 0.999 is common.
    /// </summary>
    public double? EmaDecay
    {
        get => _emaDecay;
        set => _emaDecay = value is { } decay ? Check.InRange(decay, 0, 1, nameof(EmaDecay), upperIncluded: false) : null;
    }

    /// <summary>Rows a batch, at least 1. Default <see langword="null"/>: 64, 128 or 256, about a sixteenth of the training rows.</summary>
    public int? BatchSize { get => _batchSize; set => _batchSize = value is { } rows ? Check.AtLeast(rows, 1, nameof(BatchSize)) : null; }

    /// <summary>
    /// Batches a training step, at least 1: their gradients are added up to that of the mean over all their rows, in the memory of one.
    /// Default 1.
    /// </summary>
    public int AccumulationSteps { get => _accumulationSteps; set => _accumulationSteps = Check.AtLeast(value, 1, nameof(AccumulationSteps)); }

    /// <summary>
    /// Passes over the training rows, at least 1. Default <see langword="null"/>: as many as make rows^¾ training steps, at least 300 for numbers and
    /// 50 a class, of at most 8, for classes, at most 3,000, but one pass at least. Rows that have little noise, because the first of several
    /// networks (<see cref="NetworkChoice"/>, as by default) was taken and they are not wide and sparse, get more: numbers at least 1,200 steps or, where these are fewer, 100 passes, classes
    /// three times the steps where <see cref="ClassificationOptions.TemperatureScaling"/> takes back the certainty that comes with them.
    /// </summary>
    public int? Epochs { get => _epochs; set => _epochs = value is { } passes ? Check.AtLeast(passes, 1, nameof(Epochs)) : null; }

    /// <summary>
    /// The seed of weights, shuffling and dropout; the same seed on the same machine gives the same model.
    /// Default <see langword="null"/>: drawn from the <see cref="MLContext"/>, and so fixed by its seed. A fit's random numbers are its own,
    /// whatever else the process does; LibTorch's generator is neither read nor moved.
    /// </summary>
    public int? Seed { get; set; }

    /// <summary>The share of the rows that is held out and only judged, after every epoch, in [0, 0.9]. Default 0.</summary>
    public double ValidationFraction
    {
        get => _validationFraction;
        set => _validationFraction = Check.InRange(value, 0, 0.9, nameof(ValidationFraction));
    }

    /// <summary>
    /// Rows that are only judged, after every epoch, in place of a <see cref="ValidationFraction"/>; with the columns of the training
    /// data, as the trainer gets them: prepared by the same fitted transforms. A warning says where they cannot be. Default
    /// <see langword="null"/>: none.
    /// </summary>
    [JsonIgnore]
    public IDataView? ValidationSet { get; set; }

    /// <summary>When to end training early, by the held-out rows. Default <see langword="null"/>: after all epochs.</summary>
    public EarlyStopping? EarlyStopping { get; set; }

    /// <summary>Whether every epoch takes the rows in a new random order. Default <see langword="true"/>.</summary>
    public bool Shuffle { get; set; } = true;

    /// <summary>
    /// Bytes that rows may take in memory, at least 1 MiB; wide rows of which less than half is not 0 take 8 bytes a value that is not. Data that needs more streams: every epoch reads it anew, through a pool of
    /// half the budget from which rows are drawn at random. Default a quarter of the memory that the process may use.
    /// </summary>
    [JsonIgnore]
    public long MemoryBudget
    {
        get => _memoryBudget;
        set
        {
            Check.That(value >= 1 << 20, nameof(MemoryBudget), value, "it must be at least 1048576, 1 MiB");
            _memoryBudget = value;
        }
    }

    /// <summary>
    /// Ends training at the next step when cancelled. The fit then returns the best model until then, marked as
    /// <see cref="TrainingEnd.Cancelled"/>; before its first step there is none, and it throws an <see cref="OperationCanceledException"/>.
    /// Default none.
    /// </summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>
    /// Everything that decides a model, as indented JSON: one object with a discriminator <c>$type</c> a strategy. What belongs to one
    /// run is left out: the validation set, the memory budget, cancellation, threads and progress.
    /// </summary>
    public string ToJson() => OptionsJson.Write(this);

    /// <summary>
    /// Every option that decides a model, its value and, where it has another, its default, a line each; below them what works against each
    /// other. For people: programs take <see cref="ToJson"/> and <see cref="DifferencesFrom"/>.
    /// </summary>
    public string Describe() => OptionsText.Of(this);

    /// <summary>The options, of those that <see cref="ToJson"/> writes, whose values differ.</summary>
    public IReadOnlyList<OptionDifference> DifferencesFrom(TrainingOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return [.. OptionsJson.Differences(this, other)];
    }

    /// <summary>
    /// The options that work against each other. A trainer refuses those with an error, and says the warnings on its log when training begins.
    /// </summary>
    public IReadOnlyList<OptionConflict> Conflicts() => [.. OptionConflicts.Of(this)];

    /// <summary>The rules that options of one task alone can break.</summary>
    internal virtual IEnumerable<OptionConflict> ConflictsOfTask() => [];

    /// <summary>How much a row of a class counts in the loss.</summary>
    internal virtual double WeightOfClass(int index) => 1;

    /// <summary>Sets that, where the task has classes; <see langword="null"/> for all the same.</summary>
    internal virtual void WeighClasses(IReadOnlyList<double>? weights) { }

    /// <summary>A copy that later changes of this object do not reach.</summary>
    internal T Copy<T>() where T : TrainingOptions => (T)MemberwiseClone();

    /// <summary>The choices that decide how gradients behave, in one line.</summary>
    public override string ToString() =>
        $"{Network}{(StandardizeFeatures ? "" : ", features as they are")}; initializer {Initializer}; "
        + $"clipping {Clipping}{(CentralizeGradients ? ", centralized" : "")}; optimizer {Optimizer}; "
        + (Regularization.Count == 0 ? "" : $"regularization {string.Join(", ", Regularization)}; ")
        + $"schedule {Schedule}; {(EmaDecay is { } decay ? Invariant($"average {decay}; ") : "")}"
        + Invariant($"batch {(BatchSize is { } rows ? $"{rows}" : "by rows")}{(AccumulationSteps > 1 ? $" × {AccumulationSteps}" : "")}; epochs {(Epochs is { } passes ? $"{passes}" : "by rows")}");
}
