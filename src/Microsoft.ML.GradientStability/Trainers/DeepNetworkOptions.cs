namespace Microsoft.ML.GradientStability;

/// <summary>
/// The options that all deep-network trainers share. Every setter checks its value and throws
/// <see cref="ArgumentOutOfRangeException"/> or <see cref="ArgumentNullException"/>; nothing is clamped.
/// </summary>
public abstract class DeepNetworkOptions
{
    private string _featureColumnName = "Features";
    private Network _network = Network.FeedForward(512) with { Normalization = Normalization.Batch, Dropout = 0.5 };
    private Initializer _initializer = Initializer.HeUniform;
    private GradientClipper _clipping = GradientClipper.Norm(1);
    private Optimizer _optimizer = Optimizer.Adam();
    private LearningRateSchedule _schedule = LearningRateSchedule.Constant;
    private StabilityPolicy _stability = StabilityPolicy.Stop;
    private IReadOnlyList<Detector> _detectors = Detector.All;
    private int _batchSize = 64;
    private int _epochs = 100;
    private double _validationFraction;
    private long _memoryBudget = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;
    private int _progressSteps;

    private protected DeepNetworkOptions() { }

    /// <summary>The feature column, a vector of Single of known size. Default <c>Features</c>.</summary>
    public string FeatureColumnName { get => _featureColumnName; set => _featureColumnName = Check.Name(value, nameof(FeatureColumnName)); }

    /// <summary>
    /// Whether the network first brings every feature to mean 0 and standard deviation 1, by the training rows, and holds it within
    /// ±10 of them; what it learnt of them is part of the model. Default <see langword="true"/>; a pipeline that already normalizes loses nothing.
    /// </summary>
    public bool StandardizeFeatures { get; set; } = true;

    /// <summary>
    /// What the network is made of. Default one hidden layer of 512 ReLU units with batch normalization and dropout 0.5, wide enough for
    /// much data and restrained enough for little.
    /// </summary>
    public Network Network { get => _network; set => _network = Check.NotNull(value, nameof(Network)); }

    /// <summary>The first values of the weights. Default <see cref="Initializer.HeUniform"/>.</summary>
    public Initializer Initializer { get => _initializer; set => _initializer = Check.NotNull(value, nameof(Initializer)); }

    /// <summary>What is done to a gradient that is too large. Default <c>GradientClipper.Norm(1)</c>.</summary>
    public GradientClipper Clipping { get => _clipping; set => _clipping = Check.NotNull(value, nameof(Clipping)); }

    /// <summary>How a gradient moves the weights. Default <c>Optimizer.Adam(0.001)</c>.</summary>
    public Optimizer Optimizer { get => _optimizer; set => _optimizer = Check.NotNull(value, nameof(Optimizer)); }

    /// <summary>How the learning rate changes during training. Default <see cref="LearningRateSchedule.Constant"/>.</summary>
    public LearningRateSchedule Schedule { get => _schedule; set => _schedule = Check.NotNull(value, nameof(Schedule)); }

    /// <summary>What is done about a <see cref="Finding"/>. Default <see cref="StabilityPolicy.Stop"/>.</summary>
    public StabilityPolicy Stability { get => _stability; set => _stability = Check.NotNull(value, nameof(Stability)); }

    /// <summary>The rules that watch the gradients. Default <see cref="Detector.All"/>; empty for none.</summary>
    public IReadOnlyList<Detector> Detectors { get => _detectors; set => _detectors = Check.NotNull(value, nameof(Detectors)); }

    /// <summary>Rows a training step, at least 1. Default 64.</summary>
    public int BatchSize { get => _batchSize; set => _batchSize = Check.AtLeast(value, 1, nameof(BatchSize)); }

    /// <summary>Passes over the training rows, at least 1. Default 100.</summary>
    public int Epochs { get => _epochs; set => _epochs = Check.AtLeast(value, 1, nameof(Epochs)); }

    /// <summary>
    /// The seed of weights, shuffling and dropout; the same seed on the same machine gives the same model.
    /// Default <see langword="null"/>: drawn from the <see cref="MLContext"/>, and so fixed by its seed.
    /// A fit seeds LibTorch's global generator.
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
    /// data, as the trainer gets them. Default <see langword="null"/>: none.
    /// </summary>
    public IDataView? ValidationSet { get; set; }

    /// <summary>When to end training early, by the held-out rows. Default <see langword="null"/>: after all epochs.</summary>
    public EarlyStopping? EarlyStopping { get; set; }

    /// <summary>Whether every epoch takes the rows in a new random order. Default <see langword="true"/>.</summary>
    public bool Shuffle { get; set; } = true;

    /// <summary>
    /// Bytes that rows may take in memory, at least 1 MiB. Data that needs more streams: every epoch reads it anew, through a pool of
    /// half the budget from which rows are drawn at random. Default a quarter of the memory that the process may use.
    /// </summary>
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
    /// <see cref="TrainingEnd.Cancelled"/>. Default none.
    /// </summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>
    /// Called on the training thread after every epoch, for every new finding, and as <see cref="ProgressSteps"/> says.
    /// Default <see langword="null"/>: nobody.
    /// </summary>
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Reports progress also after every so many steps, at least 0. Default 0: after epochs and at findings only.</summary>
    public int ProgressSteps { get => _progressSteps; set => _progressSteps = Check.AtLeast(value, 0, nameof(ProgressSteps)); }

    /// <summary>A copy that later changes of this object do not reach.</summary>
    internal T Copy<T>() where T : DeepNetworkOptions => (T)MemberwiseClone();

    /// <summary>The choices that decide how gradients behave, in one line.</summary>
    public override string ToString() =>
        $"{Network}{(StandardizeFeatures ? "" : ", features as they are")}; initializer {Initializer}; clipping {Clipping}; optimizer {Optimizer}; schedule {Schedule}; batch {BatchSize}; epochs {Epochs}";
}
