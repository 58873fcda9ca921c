using System.Text.Json.Serialization;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Weights normal with standard deviation σ, drawn again in effect where they lie beyond ±2σ: √2·σ·erf⁻¹(u), u uniform in ±erf(√2).
/// What remains has the standard deviation 0.880·σ (the weights of BERT, Devlin et al. 2019). In place of
/// <c>nn.init.trunc_normal_</c>, which fills with σ itself in TorchSharp 0.107.0 (Upstream/InitTests).
/// </summary>
public sealed record TruncatedNormalInitializer : Initializer
{
    /// <summary>erf(√2), the share of a normal distribution within two standard deviations.</summary>
    private const double Within = 0.9544997361036416;

    private readonly double _standardDeviation = 0.02;

    [JsonConstructor]
    internal TruncatedNormalInitializer() { }

    /// <summary>σ, above 0. Default 0.02, that of BERT and ViT (Devlin et al. 2019; Dosovitskiy et al. 2021).</summary>
    public double StandardDeviation
    {
        get => _standardDeviation;
        init => _standardDeviation = Check.Positive(value, nameof(StandardDeviation));
    }

    private protected override void InitializeWeight(Tensor weight, in LayerRole role, in Origin origin)
    {
        Uniform(weight, Within / Math.Sqrt(3), origin.Random);
        weight.erfinv_().mul_((TorchSharp.Scalar)(Math.Sqrt(2) * StandardDeviation));
    }

    /// <summary>The scheme's name and σ.</summary>
    public override string ToString() => Invariant($"TruncatedNormal({StandardDeviation})");
}
