namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Reads the declared shapes of a model's outputs from its file. The field numbers are those of onnx.proto.</summary>
internal static class OnnxGraphReader
{
    private const int ModelGraph = 7, GraphOutput = 12;
    private const int ValueName = 1, ValueType = 2;
    private const int TypeTensor = 1, TensorShape = 2, ShapeDimension = 1, DimensionValue = 1;

    public static Dictionary<string, int[]> OutputShapes(ReadOnlySpan<byte> model)
    {
        var shapes = new Dictionary<string, int[]>();
        var graph = new ProtobufReader(Field(model, ModelGraph));
        while (graph.MoveNext())
        {
            if (graph.Field != GraphOutput)
                continue;
            var name = "";
            var shape = Array.Empty<int>();
            var output = new ProtobufReader(graph.Bytes);
            while (output.MoveNext())
            {
                if (output.Field == ValueName)
                    name = output.Text;
                else if (output.Field == ValueType)
                    shape = Dimensions(Field(Field(output.Bytes, TypeTensor), TensorShape));
            }
            shapes[name] = shape;
        }
        return shapes;
    }

    private static int[] Dimensions(ReadOnlySpan<byte> shape)
    {
        var dimensions = new List<int>();
        var reader = new ProtobufReader(shape);
        while (reader.MoveNext())
        {
            if (reader.Field == ShapeDimension)
                dimensions.Add(Size(reader.Bytes));
        }
        return [.. dimensions];
    }

    private static int Size(ReadOnlySpan<byte> dimension)
    {
        var reader = new ProtobufReader(dimension);
        while (reader.MoveNext())
        {
            if (reader.Field == DimensionValue)
                return checked((int)reader.Varint);
        }
        return 0;
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> message, int number)
    {
        var reader = new ProtobufReader(message);
        while (reader.MoveNext())
        {
            if (reader.Field == number)
                return reader.Bytes;
        }
        return default;
    }
}
