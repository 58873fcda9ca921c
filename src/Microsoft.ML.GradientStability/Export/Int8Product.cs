using System.Numerics.Tensors;
using Microsoft.ML.GradientStability.OnnxProto;
using ElementType = Microsoft.ML.GradientStability.OnnxProto.TensorProto.Types.DataType;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// <c>x·Wᵀ = (q(x)·q(W)ᵀ)·s(x)·s(W)</c>, q(v) = round(v / s(v)) in [−127, 127], s(x) = max|x| / 127 of a row, found when it is scored, s(W) the same of
/// a unit: dynamic quantization, symmetric, without zero points.
/// </summary>
internal sealed class Int8Product(GraphProto graph) : MatrixProduct(graph)
{
    private const float Greatest = sbyte.MaxValue;

    /// <summary>The least scale: a row or a unit of zeros has one too.</summary>
    private const float Least = 1e-30f;

    protected override string Product(NodeProto gemm, TensorProto matrix, ReadOnlySpan<float> weights, int units, int inputs)
    {
        var (scales, whole) = (new float[units], new sbyte[weights.Length]);
        for (var unit = 0; unit < units; unit++)
        {
            var row = weights.Slice(unit * inputs, inputs);
            scales[unit] = Math.Max(Math.Abs(TensorPrimitives.MaxMagnitude(row)) / Greatest, Least);
            for (var i = 0; i < inputs; i++)
                whole[i * units + unit] = (sbyte)MathF.Round(row[i] / scales[unit]);
        }
        var q = Constant<sbyte>($"{matrix.Name}.int8", ElementType.Int8, whole, inputs, units);
        var s = Constant<float>($"{matrix.Name}.scale", ElementType.Float, scales, 1, units);

        var axes = new AttributeProto { Name = "axes", Ints = { 1 }, Type = AttributeProto.Types.AttributeType.Ints };
        var most = Add("ReduceMax", $"{gemm.Name}.input.greatest", [Add("Abs", $"{gemm.Name}.input.magnitude", [gemm.Input[0]])], axes, Attribute("keepdims", 1));
        var share = Add("Div", $"{gemm.Name}.input.share", [most, Constant<float>($"{gemm.Name}.greatest", ElementType.Float, [Greatest])]);
        var scale = Add("Max", $"{gemm.Name}.input.scale", [share, Constant<float>($"{gemm.Name}.least", ElementType.Float, [Least])]);
        var rounded = Add("Round", $"{gemm.Name}.input.rounded", [Add("Div", $"{gemm.Name}.input.scaled", [gemm.Input[0], scale])]);
        var product = Add("MatMulInteger", $"{gemm.Name}.product.int32", [Cast($"{gemm.Name}.input.int8", rounded, ElementType.Int8), q]);
        var single = Cast($"{gemm.Name}.product.single", product, ElementType.Float);
        return Add("Mul", $"{gemm.Name}.product", [Add("Mul", $"{gemm.Name}.product.unscaled", [single, s]), scale]);
    }
}
