using System.Text;

namespace GradientStability.Polyfills.MLNet.Tests;

/// <summary>Writes small ONNX models, field by field as onnx.proto numbers them.</summary>
internal static class OnnxBytes
{
    public const int Float = 1, Int64 = 7;

    /// <summary>Of a row of features: Double = 2x, Arg = the index of the greatest, Total = the sum as a tensor of no dimensions.</summary>
    public static byte[] Features(string size) => Model([("Features", Float, ["N", size])],
        [("Double", Float, ["N", size]), ("Arg", Int64, ["N"]), ("Total", Float, [])],
        [
            Node("Add", ["Features", "Features"], ["Double"]),
            Node("ArgMax", ["Features"], ["Arg"], ("axis", 1), ("keepdims", 0)),
            Node("ReduceSum", ["Features"], ["Total"], ("keepdims", 0)),
        ]);

    /// <summary>The sum of two scalar columns, each a matrix of one.</summary>
    public static byte[] Sum() => Model([("A", Float, ["N", "1"]), ("B", Float, ["N", "1"])], [("Sum.output", Float, ["N", "1"])],
        [Node("Add", ["A", "B"], ["Sum.output"])]);

    private static byte[] Model((string, int, string[])[] inputs, (string, int, string[])[] outputs, byte[][] nodes) => Message(
        Number(1, 8),
        Field(7, Message(
        [
            .. nodes.Select(node => Field(1, node)),
            Text(2, "graph"),
            .. inputs.Select(input => Field(11, Value(input))),
            .. outputs.Select(output => Field(12, Value(output))),
        ])),
        Field(8, Number(2, 13)));

    private static byte[] Node(string type, string[] inputs, string[] outputs, params (string Name, int Value)[] attributes) => Message(
    [
        .. inputs.Select(input => Text(1, input)),
        .. outputs.Select(output => Text(2, output)),
        Text(4, type),
        .. attributes.Select(attribute => Field(5, Message(Text(1, attribute.Name), Number(3, attribute.Value), Number(20, 2)))),
    ]);

    // A dimension is a number, or a name where it is open.
    private static byte[] Value((string Name, int Type, string[] Shape) value)
    {
        var dimensions = value.Shape.Select(size => Field(1, int.TryParse(size, out var number) ? Number(1, number) : Text(2, size)));
        return Message(Text(1, value.Name), Field(2, Field(1, Message(Number(1, value.Type), Field(2, Message([.. dimensions]))))));
    }

    private static byte[] Message(params byte[][] fields) => [.. fields.SelectMany(field => field)];

    private static byte[] Text(int field, string text) => Field(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int field, byte[] content) => [.. Varint(field << 3 | 2), .. Varint(content.Length), .. content];

    private static byte[] Number(int field, int value) => [.. Varint(field << 3), .. Varint(value)];

    private static IEnumerable<byte> Varint(int value)
    {
        for (; value > 0x7F; value >>= 7)
            yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
