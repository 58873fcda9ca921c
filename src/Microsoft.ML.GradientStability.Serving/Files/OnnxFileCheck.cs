namespace Microsoft.ML.GradientStability.Serving;

/// <summary>
/// Walks through the bytes of an ONNX file before ONNX Runtime sees them. Refused is what is no ONNX file, and any tensor, wherever it stands, whose
/// values lie outside of the file: its path could name any file of the machine. Messages and field numbers: onnx.proto of onnx.ai; wire format:
/// protobuf.dev, "Encoding".
/// </summary>
internal static class OnnxFileCheck
{
    /// <summary>As deep as protobuf's own parsers go.</summary>
    private const int MaxDepth = 100;

    private enum Message { Other, Model, Graph, Node, Attribute, Tensor, SparseTensor, Training, Function }

    /// <exception cref="ModelFileException">The file is refused.</exception>
    public static void Verify(ReadOnlySpan<byte> file)
    {
        var hasGraph = false;
        Walk(file, Message.Model, 0, ref hasGraph);
        if (!hasGraph)
            throw new ModelFileException("it is no ONNX file: it holds no graph");
    }

    private static Message Inner(Message outer, int field) => (outer, field) switch
    {
        (Message.Model, 7) => Message.Graph,
        (Message.Model, 20) => Message.Training,
        (Message.Model, 25) => Message.Function,
        (Message.Graph, 1) => Message.Node,
        (Message.Graph, 5) => Message.Tensor,
        (Message.Graph, 15) => Message.SparseTensor,
        (Message.Node, 5) => Message.Attribute,
        (Message.Attribute, 5 or 10) => Message.Tensor,
        (Message.Attribute, 6 or 11) => Message.Graph,
        (Message.Attribute, 22 or 23) => Message.SparseTensor,
        (Message.SparseTensor, 1 or 2) => Message.Tensor,
        (Message.Training, 1 or 2) => Message.Graph,
        (Message.Function, 7) => Message.Node,
        (Message.Function, 11) => Message.Attribute,
        _ => Message.Other,
    };

    private static void Walk(ReadOnlySpan<byte> bytes, Message message, int depth, ref bool hasGraph)
    {
        if (depth > MaxDepth)
            throw new ModelFileException($"it is nested more than {MaxDepth} messages deep");
        while (!bytes.IsEmpty)
        {
            var tag = ReadVarint(ref bytes);
            var (field, wire) = ((int)(tag >> 3), (int)(tag & 7));
            if (tag > uint.MaxValue || field == 0)
                throw Damaged();
            switch (wire)
            {
                case 0:
                    if (ReadVarint(ref bytes) != 0 && message == Message.Tensor && field == 14)
                        throw External();
                    break;
                case 1:
                    Take(ref bytes, sizeof(ulong));
                    break;
                case 5:
                    Take(ref bytes, sizeof(uint));
                    break;
                case 2:
                    var length = ReadVarint(ref bytes);
                    var content = Take(ref bytes, length);
                    if (message == Message.Tensor && field == 13)
                        throw External();
                    if (Inner(message, field) is not Message.Other and var inner)
                    {
                        hasGraph |= inner == Message.Graph;
                        Walk(content, inner, depth + 1, ref hasGraph);
                    }
                    break;
                default:
                    throw Damaged();
            }
        }
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, ulong length)
    {
        if (length > (ulong)bytes.Length)
            throw Damaged();
        var taken = bytes[..(int)length];
        bytes = bytes[(int)length..];
        return taken;
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var i = 0; i < Math.Min(bytes.Length, 10); i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return value;
            }
        }
        throw Damaged();
    }

    private static ModelFileException Damaged() => new("it is damaged, or no ONNX file");

    private static ModelFileException External() =>
        new("it keeps tensors in other files (external data), which is refused; export it with everything in one file");
}
