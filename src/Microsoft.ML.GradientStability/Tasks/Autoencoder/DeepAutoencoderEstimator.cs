using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Learns, without labels, to squeeze features through a narrow layer and to restore them. Reached by
/// <c>mlContext.Transforms.DeepAutoencoder(…)</c>.
/// </summary>
/// <remarks>
/// Input: a feature column, a vector of Single of known size. Output: the embedding, a vector of Single, and the reconstruction error,
/// a Single: the mean squared difference of the restored features, in standard deviations where features are standardized; about 1
/// for a row that the embedding tells nothing of.
/// </remarks>
public sealed class DeepAutoencoderEstimator : DeepNetworkTrainer<DeepAutoencoderEstimator.Options>
{
    /// <summary>The options of <see cref="DeepAutoencoderEstimator"/>.</summary>
    [TaskName("Autoencoder")]
    public sealed class Options : DeepNetworkOptions
    {
        private string _outputColumnName = "Embedding";
        private string _errorColumnName = "ReconstructionError";
        private int _embeddingSize = 8;

        /// <summary>
        /// All defaults; the network's is <c>Network.FeedForward(256)</c> to the embedding and its mirror image back, without codes, trained for 100
        /// epochs by <c>Optimizer.Adam(0.001)</c>: to restore all features takes more steps than to predict one number.
        /// </summary>
        public Options() =>
            (Network, Optimizer, Epochs) = (GradientStability.Network.FeedForward(256), GradientStability.Optimizer.Adam(), 100);

        /// <summary>The column of the embedding. Default <c>Embedding</c>.</summary>
        public string OutputColumnName { get => _outputColumnName; set => _outputColumnName = Check.Name(value, nameof(OutputColumnName)); }

        /// <summary>The column of the reconstruction error. Default <c>ReconstructionError</c>.</summary>
        public string ErrorColumnName { get => _errorColumnName; set => _errorColumnName = Check.Name(value, nameof(ErrorColumnName)); }

        /// <summary>Slots of the embedding, at least 1. Default 8. The network's layers lead to it, their mirror image back.</summary>
        public int EmbeddingSize { get => _embeddingSize; set => _embeddingSize = Check.AtLeast(value, 1, nameof(EmbeddingSize)); }

        internal override AutoencoderColumns ColumnsOf(IReadOnlyList<string> classes) => new AutoencoderColumns(OutputColumnName, ErrorColumnName, EmbeddingSize);

        internal override IEnumerable<OptionConflict> ConflictsOfTask()
        {
            if (Network.Traits.Ensemble is not 1)
                yield return new(Severity.Error, nameof(FeedForwardNetwork.Ensemble), "an embedding is that of one network; set Ensemble to 1");
            if (Network.Traits.WeightParametrization?.Objection(EmbeddingSize) is { } narrow)
                yield return new(Severity.Error, nameof(EmbeddingSize), $"in the layer behind the embedding, {narrow}; change one or the other");
        }
    }

    /// <summary>The estimator; the same as the fluent method.</summary>
    /// <param name="env">An <see cref="MLContext"/>.</param>
    /// <param name="options">What differs from the defaults; copied, later changes have no effect.</param>
    public DeepAutoencoderEstimator(IHostEnvironment env, Options options)
        : base(env, options, new InputColumns(Name(options), null, null, null), [options.OutputColumnName, options.ErrorColumnName])
    {
        Check.That(options.OutputColumnName != options.ErrorColumnName, nameof(Options.ErrorColumnName), options.ErrorColumnName,
            "embedding and reconstruction error need columns of their own");
        Check.That(options.Network.HasMirror, nameof(Options.Network), options.Network,
            "an autoencoder ends with the mirror image of its network, and of dense layers alone there is one; take Network.FeedForward");
    }

    private protected override Objective Objective(BoundColumns columns, RowStatistics statistics, IChannel channel) =>
        new AutoencoderObjective(TrainerOptions.ColumnsOf([]), statistics.Width);

    private protected override ScoreColumns Columns(SchemaShape.Column? label) => TrainerOptions.ColumnsOf([]);

    private static string Name(Options? options) => options?.FeatureColumnName ?? throw new ArgumentNullException(nameof(options));
}
