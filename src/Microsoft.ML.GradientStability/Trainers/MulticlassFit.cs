using TorchSharp;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// One fit of a classification network, from rows in memory to a trained model and its ONNX bytes. All native tensors live and die
/// here.
/// </summary>
internal static class MulticlassFit
{
    /// <summary>Training rows on which the ONNX bytes are held against the network before a fit returns.</summary>
    private const int ParityRows = 64;

    private const double ParityTolerance = 1e-4;

    public static (DeepNetworkModel Model, byte[] Onnx) Run(
        LabeledRows rows, ClassLabels labels, DeepNetworkOptions options, int seed, ProgressReporter reporter)
    {
        var random = new Random(seed);
        torch.manual_seed(seed);
        var (trainingRows, validationRows) = Split(rows.Count, options.ValidationFraction, random);

        using var module = options.Network.CreateModule(rows.Width, labels.Count, options.Initializer);
        using var parameters = new FlatParameters(module);
        using var training = new BatchTensors(rows, trainingRows, options.BatchSize);
        using var validation = validationRows.Length == 0 ? null : new BatchTensors(rows, validationRows, options.BatchSize);

        var context = new TrainingContext(options, module, parameters, Math.Log(labels.Count), rows.GreatestFeature());
        var summary = new TrainingLoop(context, module, reporter).Run(training, validation, random);

        var model = new DeepNetworkModel(options.Network, module, parameters, summary);
        var onnx = ClassifierOnnx.Write(module, options.FeatureColumnName, DeepNetworkModel.Metadata(options, summary, labels.Names));
        CheckParity(module, onnx, rows);
        return (model, onnx);
    }

    /// <summary>Row numbers for training and for judging, drawn at random; at least one row trains.</summary>
    private static (long[] Training, long[] Validation) Split(int rows, double validationFraction, Random random)
    {
        var order = new long[rows];
        for (var i = 0; i < rows; i++)
            order[i] = i;
        if (validationFraction > 0)
            random.Shuffle(order);
        var judged = (int)Math.Round(rows * validationFraction);
        return (order[judged..], order[..judged]);
    }

    /// <summary>The pipeline scores by the ONNX bytes; they must say what the trained modules say.</summary>
    private static void CheckParity(NetworkModule module, byte[] onnx, LabeledRows rows)
    {
        using var scorer = new OnnxScorer(onnx);
        using var check = new ParityCheck(module, scorer, ParityTolerance);
        for (var row = 0; row < Math.Min(ParityRows, rows.Count); row++)
            rows.Features.AsSpan(row * rows.Width, rows.Width).CopyTo(check.NextRow());
        var parity = check.Finish();
        if (!parity.Holds)
            throw new InvalidOperationException($"The trained network and its ONNX form disagree: {parity}. Please report this with the options of the trainer.");
    }
}
