using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Trains a deep network to tell classes apart, by cross-entropy, and watches its gradients while it does. Reached by
/// <c>mlContext.MulticlassClassification.Trainers.DeepNetwork(…)</c>.
/// </summary>
/// <remarks>
/// Input: a label column of a key type, and a feature column, a vector of Single of known size. Output: <c>PredictedLabel</c>, a key
/// with the label's values, and <c>Score</c>, the probability of each class.
/// Training is reported in three ways at once: on the channel of <see cref="MLContext.Log"/> (a line an epoch, a warning a finding),
/// as metrics on ML.NET's progress channel, and to <see cref="DeepNetworkOptions.Progress"/>.
/// </remarks>
public sealed class DeepNetworkMulticlassTrainer : IEstimator<DeepNetworkTransformer>
{
    private const string RegistrationName = nameof(DeepNetworkMulticlassTrainer);

    private readonly IHost _host;
    private readonly Options _options;

    /// <summary>The options of <see cref="DeepNetworkMulticlassTrainer"/>.</summary>
    public sealed class Options : DeepNetworkOptions;

    /// <summary>The trainer; the same as the fluent method.</summary>
    /// <param name="env">An <see cref="MLContext"/>.</param>
    /// <param name="options">What differs from the defaults; copied, later changes have no effect.</param>
    public DeepNetworkMulticlassTrainer(IHostEnvironment env, Options options)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(options);
        _host = env.Register(RegistrationName);
        _options = options.Copy<Options>();
        Check.That(_options.FeatureColumnName is not (ClassifierOnnx.Score or ClassifierOnnx.PredictedLabel), nameof(Options.FeatureColumnName),
            _options.FeatureColumnName, "that name is taken by an output of the trainer");
    }

    /// <summary>Trains on data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There is no row, a row has no label or a feature that is not finite, or all labels are the same.</exception>
    /// <exception cref="GradientStabilityException">The gradients lead nowhere; the message explains why, and which option mends it.</exception>
    public DeepNetworkTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var channel = _host.Start("Training");
        using var progress = _host.StartProgressChannel("Training");
        var rows = LabeledRowsReader.Read(input, _options.LabelColumnName, _options.FeatureColumnName);
        var labels = ClassLabels.Of(input.Schema[_options.LabelColumnName]);
        channel.Info(MessageSensitivity.None, "{0}", $"{rows.Count} rows, {rows.Width} features, {labels.Count} classes; {_options}");

        var (model, onnx) = MulticlassFit.Run(rows, labels, _options, _options.Seed ?? _host.Rand.Next(), new ProgressReporter(channel, progress, _options));
        return new DeepNetworkTransformer(model, onnx, labels, input.Schema[_options.FeatureColumnName]);
    }

    /// <summary>The columns after training.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        ClassifierShape.Extend(inputSchema, _options.LabelColumnName, _options.FeatureColumnName);
}
