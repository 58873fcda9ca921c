namespace Microsoft.ML.Data;

/// <summary>A schema with its annotations in binary form: the entry of a model that says what goes into it.</summary>
internal static class SchemaCodec
{
    public static void Write(BinaryWriter writer, DataViewSchema schema)
    {
        var columns = Writable(schema);
        writer.Write(columns.Length);
        foreach (var column in columns)
        {
            writer.Write(column.Name);
            DataViewTypeCodec.WriteType(writer, column.Type);
            var annotations = Writable(column.Annotations.Schema);
            writer.Write(annotations.Length);
            foreach (var annotation in annotations)
            {
                writer.Write(annotation.Name);
                DataViewTypeCodec.WriteType(writer, annotation.Type);
                if (annotation.Type is VectorDataViewType vector)
                    TypedCall.Of<object?>(WriteVector<int>, [vector.ItemType.RawType], writer, column.Annotations, annotation.Name);
                else
                    TypedCall.Of<object?>(WriteScalar<int>, [annotation.Type.RawType], writer, column.Annotations, annotation.Name);
            }
        }
    }

    public static DataViewSchema Read(BinaryReader reader)
    {
        var builder = new DataViewSchema.Builder();
        for (var columns = reader.ReadInt32(); columns > 0; columns--)
        {
            var (name, type) = (reader.ReadString(), DataViewTypeCodec.ReadType(reader));
            var annotations = new DataViewSchema.Annotations.Builder();
            for (var count = reader.ReadInt32(); count > 0; count--)
            {
                var (kind, annotationType) = (reader.ReadString(), DataViewTypeCodec.ReadType(reader));
                annotations.Add(kind, annotationType, annotationType is VectorDataViewType vector
                    ? TypedCall.Of<Delegate>(ReadVector<int>, [vector.ItemType.RawType], reader)
                    : TypedCall.Of<Delegate>(ReadScalar<int>, [annotationType.RawType], reader));
            }
            builder.AddColumn(name, type, annotations.ToAnnotations());
        }
        return builder.ToSchema();
    }

    private static DataViewSchema.Column[] Writable(DataViewSchema schema) => [.. schema.Where(c => DataViewTypeCodec.CanWrite(c.Type))];

    private static void WriteVector<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, string kind)
    {
        VBuffer<T> value = default;
        annotations.GetValue(kind, ref value);
        DataViewTypeCodec.WriteVBuffer(writer, value);
    }

    private static void WriteScalar<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, string kind)
    {
        T value = default!;
        annotations.GetValue(kind, ref value);
        DataViewTypeCodec.WriteValue(writer, value);
    }

    private static Delegate ReadVector<T>(BinaryReader reader)
    {
        var value = DataViewTypeCodec.ReadVBuffer<T>(reader);
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> dst) => value.CopyTo(ref dst));
    }

    private static Delegate ReadScalar<T>(BinaryReader reader)
    {
        var value = DataViewTypeCodec.ReadValue<T>(reader);
        return (ValueGetter<T>)((ref T dst) => dst = value);
    }
}
