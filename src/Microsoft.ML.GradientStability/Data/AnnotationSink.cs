using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Where the annotations of a column are written: into the schema of data, or into the definition that ML.NET derives a schema's
/// shape from. One description of our columns serves both.
/// </summary>
internal abstract class AnnotationSink
{
    public abstract void AddScalar<T>(string kind, PrimitiveDataViewType type, T value);

    public abstract void AddVector<T>(string kind, PrimitiveDataViewType itemType, T[] values);

    public sealed class OfSchema : AnnotationSink
    {
        private readonly DataViewSchema.Annotations.Builder _builder = new();

        public override void AddScalar<T>(string kind, PrimitiveDataViewType type, T value) => _builder.AddPrimitiveValue(kind, type, value);

        public override void AddVector<T>(string kind, PrimitiveDataViewType itemType, T[] values) =>
            _builder.Add(kind, new VectorDataViewType(itemType, values.Length), (ref VBuffer<T> destination) =>
                VBuffer<T>.Copy(values, 0, ref destination, values.Length));

        public DataViewSchema.Annotations ToAnnotations() => _builder.ToAnnotations();
    }

    public sealed class OfDefinition(SchemaDefinition.Column column) : AnnotationSink
    {
        public override void AddScalar<T>(string kind, PrimitiveDataViewType type, T value) => column.AddAnnotation(kind, value, type);

        public override void AddVector<T>(string kind, PrimitiveDataViewType itemType, T[] values) =>
            column.AddAnnotation(kind, new VBuffer<T>(values.Length, values), new VectorDataViewType(itemType, values.Length));
    }
}
