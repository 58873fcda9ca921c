using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What the classes are called: the key values of the label column, of whatever type they have, or nothing but their number.
/// Predicted labels carry them on.
/// </summary>
internal abstract class ClassLabels
{
    protected const string KeyValues = "KeyValues";

    /// <summary>Reads the names from a label column of a key type.</summary>
    public static ClassLabels Of(DataViewSchema.Column label)
    {
        var count = checked((int)((KeyDataViewType)(label.Type is VectorDataViewType vector ? vector.ItemType : label.Type)).Count);
        return label.Annotations.Schema.GetColumnOrNull(KeyValues)?.Type is VectorDataViewType values && values.Size == count
            ? Named(values.ItemType, count, label.Annotations)
            : new UnnamedClassLabels(count);
    }

    /// <summary>Classes that are called by texts.</summary>
    public static ClassLabels Of(IReadOnlyList<string> names)
    {
        var values = new AnnotationSink.OfSchema();
        values.AddVector(KeyValues, TextDataViewType.Instance, [.. names.Select(name => name.AsMemory())]);
        return Named(TextDataViewType.Instance, names.Count, values.ToAnnotations());
    }

    /// <summary>Two classes of the same kind, for a label whose values are not known yet.</summary>
    public static ClassLabels Of(SchemaShape.Column label)
    {
        foreach (var annotation in label.Annotations)
            if (annotation is { Name: KeyValues, Kind: SchemaShape.Column.VectorKind.Vector, ItemType: PrimitiveDataViewType type })
                return Named(type, 2, annotations: null);
        return new UnnamedClassLabels(2);
    }

    private static ClassLabels Named(PrimitiveDataViewType type, int count, DataViewSchema.Annotations? annotations) =>
        (ClassLabels)Activator.CreateInstance(typeof(NamedClassLabels<>).MakeGenericType(type.RawType), type, count, annotations)!;

    protected ClassLabels(int count) => Count = count;

    public int Count { get; }

    /// <summary>As in ML.NET a predicted label is a UInt32 key, whatever the width of the label's.</summary>
    public KeyDataViewType KeyType => new(typeof(uint), Count);

    /// <summary>The classes in words, in the order of their index.</summary>
    public abstract IEnumerable<string> Names { get; }

    /// <summary>Why a saved model could not keep the classes apart by these names; <see langword="null"/> where it can.</summary>
    public virtual string? Objection => null;

    /// <summary>Annotates a predicted label.</summary>
    public abstract void AddKeyValues(AnnotationSink sink);

    /// <summary>Annotates a score, whose slots are the classes.</summary>
    public abstract void AddScoreSlots(AnnotationSink sink);

    /// <summary>ML.NET's own transformers that turn a class index (Int64, from 0) into the label's key.</summary>
    public abstract IEnumerable<ITransformer> IndexToLabel(MLContext context, string index, string temporary, string label);
}
