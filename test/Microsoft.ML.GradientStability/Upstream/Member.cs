using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>A differentiable member of TorchSharp in double precision, and what it has to compute.</summary>
/// <param name="Name">As it is called.</param>
/// <param name="Open">Tensors that need gradients, of random values, and the member at work on them.</param>
/// <param name="Plain">The same over row-major arrays of their values.</param>
public sealed record Member(string Name, Func<(Tensor[] Leaves, Func<Tensor> Forward)> Open, Func<double[][], double[]> Plain)
{
    /// <summary>A function of tensors of these shapes.</summary>
    public static Member Function(string name, Func<Tensor[], Tensor> torch, Func<double[][], double[]> plain, params long[][] shapes) =>
        new(name, () =>
        {
            Tensor[] leaves = [.. shapes.Select(shape => randn(shape, dtype: float64, requires_grad: true))];
            return (leaves, () => torch(leaves));
        }, plain);

    /// <summary>A module, its parameters random too, in their order behind the input.</summary>
    public static Member Module(Func<nn.Module<Tensor, Tensor>> create, Func<double[][], double[]> plain, string name, params long[] shape) =>
        new(name, () =>
        {
            var module = create();
            module.to(float64);
            using (no_grad())
                foreach (var parameter in module.parameters())
                    parameter.copy_(randn(parameter.shape, dtype: float64));
            var input = randn(shape, dtype: float64, requires_grad: true);
            return ([input, .. module.parameters()], () => module.forward(input));
        }, plain);

    public override string ToString() => Name;
}
