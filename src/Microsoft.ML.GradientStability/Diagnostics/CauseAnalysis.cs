using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Why gradients explode or vanish in a fit, and what mends it: read from the options, the scale of the initial weights
/// and that of the features.
/// </summary>
internal sealed class CauseAnalysis
{
    /// <summary>Features beyond this magnitude count as unscaled.</summary>
    private const double UnscaledFeature = 100;

    private readonly TrainingOptions _options;
    private readonly double _greatestFeature;
    private readonly int _depth;
    private readonly double _layerFactor;

    public CauseAnalysis(TrainingOptions options, NetworkModule module, double greatestFeature)
    {
        (_options, _greatestFeature) = (options, greatestFeature);
        _depth = module.Layers.Count - 1;
        _layerFactor = LayerFactor(module);
    }

    /// <summary>A tenth a layer is beyond what the randomness of initial weights explains.</summary>
    private bool GrowsWithDepth => !(_layerFactor <= 1.1);

    private bool Shrinks => _layerFactor < 0.9;

    private Activation Activation => ((FeedForwardNetwork)_options.Network).Activation;

    public string OfExplosion()
    {
        if (!_options.StandardizeFeatures && _greatestFeature > UnscaledFeature)
            return Invariant($"features reach {_greatestFeature:G4}, and the first gradients scale with them; set StandardizeFeatures = true.");
        if (GrowsWithDepth)
            return ByLayerFactor();
        return Invariant($"the learning rate {_options.Optimizer.LearningRate:G3} of {_options.Optimizer} moves the weights out of range.");
    }

    public string OfVanishing() => Activation.Saturates && !Shrinks
        ? $"{Activation} saturates: the units of {_depth} hidden layers sit where its slope is near 0."
        : ByLayerFactor();

    public IReadOnlyList<Remedy> RemediesOfExplosion()
    {
        Remedy[] remedies = GrowsWithDepth
            ? [FitInitializer(), new UseLayerNormalization(), new UseNormClipping(), new UseResidualConnections()]
            : [new UseLayerNormalization(), new UseNormClipping(), new LowerLearningRate(_options.Optimizer.LearningRate)];
        return [.. remedies.Where(r => r.Changes(_options))];
    }

    public IReadOnlyList<Remedy> RemediesOfVanishing()
    {
        Remedy[] remedies = FitInitializer() is UseOrthogonalInitializer orthogonal && Shrinks
            ? [orthogonal, new UseLayerNormalization(), new UseResidualConnections()]
            : [new UseReluActivation(), new UseHeInitializer(), new UseLayerNormalization(), new UseResidualConnections()];
        return [.. remedies.Where(r => r.Changes(_options))];
    }

    /// <summary>The weights that suit the activation: isometric ones where it passes small signals on and cannot let them grow.</summary>
    private Remedy FitInitializer() =>
        Activation is { Saturates: true } f && f.Value(0) == 0 ? new UseOrthogonalInitializer() : new UseHeInitializer();

    private string ByLayerFactor() => double.IsFinite(_layerFactor)
        ? Invariant($"the initial weights ({_options.Initializer}) with {Activation} scale a gradient by about ")
            + Invariant($"{_layerFactor:F2} in every layer it passes; over {_depth} hidden layers that is {Math.Pow(_layerFactor, _depth):G2}.")
        : $"the initial weights ({_options.Initializer}) are so large or so small that single precision cannot compute with them.";

    /// <summary>
    /// The mean factor that a hidden layer puts on the norm of a gradient on its way back, by mean-field theory: √(E[f'(x)²]·‖W‖²/units),
    /// geometric mean over the layers, x normal with variance E[f(x')²]·‖W‖²/units, x' the layer before's, 1 at the input (He et al. 2015;
    /// Schoenholz et al. 2017). Normalization and shortcuts are left out: the factor describes the weights.
    /// </summary>
    private double LayerFactor(NetworkModule module)
    {
        using var frozen = no_grad();
        double logs = 0, meanSquare = 1;
        foreach (var layer in module.Layers.Take(_depth))
        {
            var scale = layer.SquaredWeightNorm() / layer.Units;
            var variance = scale * meanSquare;
            logs += 0.5 * Math.Log(Activation.MeanSquaredSlope(variance) * scale);
            meanSquare = Activation.MeanSquare(variance);
        }
        return Math.Exp(logs / _depth);
    }
}
