using TorchSharp;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// One fit of a network, from training data to a trained model and its ONNX bytes. All native tensors live and die here.
/// </summary>
internal static class NetworkFit
{
    /// <summary>Training rows on which the ONNX bytes are held against the network before a fit returns.</summary>
    private const int ParityRows = 64;

    /// <summary>Relative to the greatest score.</summary>
    private const double ParityTolerance = 1e-4;

    public static (DeepNetworkModel Model, byte[] Onnx) Run(TrainingData data, BatchSource? validation, Objective objective,
        DeepNetworkOptions options, int seed, PreviousNetwork? previous, ProgressReporter reporter)
    {
        torch.manual_seed(seed);
        using var module = objective.CreateModule(options.Network, data.Width, options.Initializer);
        if (options.StandardizeFeatures)
            module.ScaleInput(data.Statistics.Scaling());
        previous?.CopyTo(module, objective);
        using var parameters = new FlatParameters(module);
        using var training = data.Training(options, objective.TargetType);

        var context = new TrainingContext(options, objective, module, parameters, data.Statistics.GreatestFeature);
        var summary = new TrainingLoop(context, module, reporter).Run(training, validation, new Random(seed));

        var model = new DeepNetworkModel(options.Network, module, parameters, summary);
        var onnx = OnnxExport.Write(module, objective, options, summary);
        CheckParity(module, objective, onnx, training);
        return (model, onnx);
    }

    /// <summary>The pipeline scores by the ONNX bytes; they must say what the trained modules say.</summary>
    private static void CheckParity(NetworkModule module, Objective objective, byte[] onnx, BatchSource training)
    {
        using var scorer = new OnnxScorer(onnx);
        using var check = new ParityCheck(module, objective, scorer, ParityTolerance);
        using var scope = torch.NewDisposeScope();
        training.Begin(shuffle: null);
        training.Next(out var batch);
        var features = batch.Features.data<float>().ToArray().AsSpan();
        for (var row = 0; row < Math.Min(ParityRows, features.Length / scorer.Width); row++)
            features.Slice(row * scorer.Width, scorer.Width).CopyTo(check.NextRow());
        var parity = check.Finish();
        if (!parity.Holds)
            throw new InvalidOperationException($"The trained network and its ONNX form disagree: {parity}. Please report this with the options of the trainer.");
    }
}
