using TorchSharp;

namespace Microsoft.ML.GradientStability;

/// <summary>No clipping.</summary>
public sealed record NoClipper : GradientClipper
{
    internal NoClipper() { }

    internal override bool Clip(torch.Tensor gradients, double norm) => false;

    /// <summary>The method's name.</summary>
    public override string ToString() => "None";
}
