using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// x·Wᵀ + b, W (units × inputs), the b optional. LibTorch's own linear layer draws first weights from the generator that the whole process
/// shares; this one has none before an initializer sets them.
/// </summary>
internal sealed class LinearMap : nn.Module<Tensor, Tensor>
{
    public LinearMap(int inputs, int units, bool hasBias) : base("linear")
    {
        Weight = new Parameter(empty([units, inputs], dtype: ScalarType.Float32, device: CPU));
        register_parameter("weight", Weight);
        if (!hasBias)
            return;
        Bias = new Parameter(empty([units], dtype: ScalarType.Float32, device: CPU));
        register_parameter("bias", Bias);
    }

    public Parameter Weight { get; }

    public Parameter? Bias { get; }

    public override Tensor forward(Tensor input) => nn.functional.linear(input, Weight, Bias);
}
