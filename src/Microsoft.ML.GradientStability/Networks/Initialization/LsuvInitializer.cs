using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Layer-sequential unit variance (Mishkin and Matas 2016, "All you need is a good init"): orthonormal weights, then, layer by layer
/// from the input on, W ← W/√var(W·x + b) on a batch of the training rows until the variance of what the linear map gives is within
/// <see cref="Tolerance"/> of 1, at most <see cref="Tries"/> times.
/// </summary>
public sealed record LsuvInitializer : Initializer
{
    private readonly double _tolerance = 0.1;
    private readonly int _tries = 10;

    [JsonConstructor]
    internal LsuvInitializer() { }

    /// <summary>Greatest |variance − 1| that is accepted, above 0. Default 0.1.</summary>
    public double Tolerance { get => _tolerance; init => _tolerance = Check.Positive(value, nameof(Tolerance)); }

    /// <summary>Greatest number of scalings a layer, at least 1. Default 10.</summary>
    public int Tries { get => _tries; init => _tries = Check.AtLeast(value, 1, nameof(Tries)); }

    private protected override void InitializeWeight(Tensor weight, in LayerRole role, in Origin origin) =>
        Isometry.Fill(weight, gain: 1, origin);

    internal override bool NeedsData => true;

    internal override void Adapt(NetworkModule module, Tensor features, Cancellation cancellation)
    {
        using var frozen = no_grad();
        using var whole = NewDisposeScope();
        module.eval();
        var input = module.Enter(features);
        foreach (var part in module.Parts)
        {
            foreach (var layer in part.Layers)
                Adapt(part, layer, input, cancellation);
            input = part.forward(input);
        }
    }

    /// <summary>The scheme's name.</summary>
    public override string ToString() => "Lsuv";

    private void Adapt(NetworkPart part, Layer layer, Tensor input, Cancellation cancellation)
    {
        for (var tries = 0; tries < Tries; tries++)
        {
            cancellation.ThrowIfCancelled();
            using var scope = NewDisposeScope();
            var output = part.LinearOutput(layer, input);
            var variance = (output - output.mean()).square().mean().item<float>();
            if (!(Math.Abs(variance - 1) > Tolerance) || variance == 0)
                return;
            layer.ScaleWeights(1 / Math.Sqrt(variance));
        }
    }
}
