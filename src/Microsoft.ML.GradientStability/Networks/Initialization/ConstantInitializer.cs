using System.Text.Json.Serialization;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// All weights the same number. The units of a layer then start alike, get the same gradient and stay alike: a layer computes no more
/// than one unit would (Goodfellow, Bengio and Courville 2016, section 8.4).
/// </summary>
public sealed record ConstantInitializer : Initializer
{
    private readonly double _value = 0.01;

    [JsonConstructor]
    internal ConstantInitializer() { }

    /// <summary>Any finite number. Default 0.01.</summary>
    public double Value { get => _value; init => _value = Check.Number(value, nameof(Value)); }

    private protected override void InitializeWeight(Tensor weight, in LayerRole role, in Origin origin) =>
        nn.init.constant_(weight, (TorchSharp.Scalar)Value);

    /// <summary>The scheme's name and the number.</summary>
    public override string ToString() => Invariant($"Constant({Value})");
}
