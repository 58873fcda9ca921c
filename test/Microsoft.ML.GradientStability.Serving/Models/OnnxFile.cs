using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.GradientStability.Serving.Tests;

/// <summary>An ONNX file written by hand, so that a test decides each byte; field numbers as in onnx.proto of onnx.ai.</summary>
internal sealed class OnnxFile
{
    private readonly Proto _graph = new Proto().Add(2, "test");
    private readonly List<Proto> _more = [];

    public OnnxFile Input(string name, TensorElementType type, params long[] shape) => Value(11, name, type, shape);

    public OnnxFile Output(string name, TensorElementType type, params long[] shape) => Value(12, name, type, shape);

    public OnnxFile Constant<T>(string name, TensorElementType type, T[] values, params long[] shape) where T : unmanaged
    {
        var tensor = Tensor(name, type, shape).Add(9, MemoryMarshal.AsBytes(values.AsSpan()));
        _graph.Add(5, tensor);
        return this;
    }

    public OnnxFile Constant(string name, float[] values, params long[] shape) => Constant(name, TensorElementType.Float, values, shape);

    /// <summary>A tensor whose values lie at a path outside of the file.</summary>
    public OnnxFile External(string name, string path, params long[] shape)
    {
        var location = new Proto().Add(1, "location").Add(2, path);
        _graph.Add(5, Tensor(name, TensorElementType.Float, shape).Add(13, location).Add(14, 1));
        return this;
    }

    /// <summary>Attributes are long, float, string, long[], or a message with the number of its field.</summary>
    public OnnxFile Node(string operation, string inputs, string output, params (string Name, object Value)[] attributes)
    {
        var node = new Proto();
        foreach (var input in inputs.Split(' '))
            node.Add(1, input);
        node.Add(2, output).Add(3, output).Add(4, operation);
        foreach (var (name, value) in attributes)
            node.Add(5, Attribute(name, value));
        _graph.Add(1, node);
        return this;
    }

    public OnnxFile Metadata(string key, string value)
    {
        _more.Add(new Proto().Add(1, key).Add(2, value));
        return this;
    }

    public byte[] ToBytes()
    {
        var model = new Proto().Add(1, 8).Add(7, _graph).Add(8, new Proto().Add(1, "").Add(2, 17));
        foreach (var entry in _more)
            model.Add(14, entry);
        return model.ToBytes();
    }

    public static Proto Tensor(string name, TensorElementType type, long[] shape)
    {
        var tensor = new Proto();
        foreach (var length in shape)
            tensor.Add(1, length);
        return tensor.Add(2, (long)type).Add(8, name);
    }

    private static Proto Attribute(string name, object value)
    {
        var attribute = new Proto().Add(1, name);
        switch (value)
        {
            case float number:
                return attribute.Add(2, number).Add(20, 1);
            case long number:
                return attribute.Add(3, number).Add(20, 2);
            case string text:
                return attribute.Add(4, text).Add(20, 3);
            case (int field, int kind, Proto message):
                return attribute.Add(field, message).Add(20, kind);
            default:
                foreach (var number in (long[])value)
                    attribute.Add(8, number);
                return attribute.Add(20, 7);
        }
    }

    /// <summary>−1 is the batch; −2 a dimension that is not fixed either.</summary>
    private OnnxFile Value(int field, string name, TensorElementType type, long[] shape)
    {
        var dimensions = new Proto();
        foreach (var length in shape)
            dimensions.Add(1, length < 0 ? new Proto().Add(2, length == -1 ? "batch" : "free") : new Proto().Add(1, length));
        _graph.Add(field, new Proto().Add(1, name).Add(2, new Proto().Add(1, new Proto().Add(1, (long)type).Add(2, dimensions))));
        return this;
    }
}
