using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.GradientStability.OnnxProto;
using ElementType = Microsoft.ML.GradientStability.OnnxProto.TensorProto.Types.DataType;

namespace Microsoft.ML.GradientStability;

/// <summary>A way to write the products of a graph that is not theirs.</summary>
internal abstract class MatrixProduct(GraphProto graph)
{
    /// <summary>Adds the nodes of <c>x·Wᵀ + b</c>, under the names of the node in whose place they stand.</summary>
    /// <param name="gemm">That node.</param>
    /// <param name="matrix">W (units × inputs), which leaves the graph.</param>
    public void Write(NodeProto gemm, TensorProto matrix)
    {
        graph.Initializer.Remove(matrix);
        var product = Product(gemm, matrix, MemoryMarshal.Cast<byte, float>(matrix.RawData.Span), (int)matrix.Dims[0], (int)matrix.Dims[1]);
        graph.Node.Add(gemm.Input.Count > 2
            ? new NodeProto { OpType = "Add", Name = gemm.Name, Input = { product, gemm.Input[2] }, Output = { gemm.Output[0] } }
            : new NodeProto { OpType = "Identity", Name = gemm.Name, Input = { product }, Output = { gemm.Output[0] } });
    }

    /// <summary>Adds the nodes of <c>x·Wᵀ</c>, and returns the name of the product, Single.</summary>
    protected abstract string Product(NodeProto gemm, TensorProto matrix, ReadOnlySpan<float> weights, int units, int inputs);

    protected string Constant<T>(string name, ElementType type, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape) where T : unmanaged
    {
        graph.Initializer.Add(Tensor(name, type, values, shape));
        return name;
    }

    protected static TensorProto Tensor<T>(string name, ElementType type, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape) where T : unmanaged =>
        new() { Name = name, DataType = type, Dims = { shape.ToArray() }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)) };

    protected string Add(string operation, string name, IEnumerable<string> inputs, params IEnumerable<AttributeProto> attributes)
    {
        graph.Node.Add(new NodeProto { OpType = operation, Name = name, Input = { inputs }, Output = { name }, Attribute = { attributes } });
        return name;
    }

    protected string Cast(string name, string input, ElementType type) => Add("Cast", name, [input], Attribute("to", (int)type));

    protected static AttributeProto Attribute(string name, int value) => new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };
}
