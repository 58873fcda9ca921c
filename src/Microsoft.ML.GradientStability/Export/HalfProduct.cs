using Microsoft.ML.GradientStability.OnnxProto;
using ElementType = Microsoft.ML.GradientStability.OnnxProto.TensorProto.Types.DataType;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// <c>x·Wᵀ = Single(Float16(x)·Float16(W)ᵀ)</c>. W is the value of a node: ML.NET's ONNX transformer looks at the types of what a graph stores
/// otherwise, and knows no Float16.
/// </summary>
internal sealed class HalfProduct(GraphProto graph) : MatrixProduct(graph)
{
    protected override string Product(NodeProto gemm, TensorProto matrix, ReadOnlySpan<float> weights, int units, int inputs)
    {
        var half = Array.ConvertAll(weights.ToArray(), weight => (Half)weight);
        var constant = Add("Constant", $"{matrix.Name}.half", [], new AttributeProto
        {
            Name = "value", T = Tensor<Half>("", ElementType.Float16, half, units, inputs), Type = AttributeProto.Types.AttributeType.Tensor,
        });
        var input = Cast($"{gemm.Name}.input.half", gemm.Input[0], ElementType.Float16);
        return Cast($"{gemm.Name}.product", Add("Gemm", $"{gemm.Name}.product.half", [input, constant], gemm.Attribute), ElementType.Float);
    }
}
