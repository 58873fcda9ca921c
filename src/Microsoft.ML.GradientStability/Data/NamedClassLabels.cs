using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Classes with names of type <typeparamref name="T"/>: text, numbers, Boolean values, dates.</summary>
internal sealed class NamedClassLabels<T> : ClassLabels
{
    private readonly PrimitiveDataViewType _type;
    private readonly T[] _names;

    /// <param name="type">The type of the names.</param>
    /// <param name="count">How many classes.</param>
    /// <param name="annotations">Those of the label column; without them the names stay at their default.</param>
    public NamedClassLabels(PrimitiveDataViewType type, int count, DataViewSchema.Annotations? annotations) : base(count)
    {
        _type = type;
        var names = new VBuffer<T>(count, new T[count]);
        annotations?.GetValue(KeyValues, ref names);
        _names = [.. names.DenseValues()];
    }

    public override IEnumerable<string> Names => _names.Select(name => name!.ToString()!);

    /// <summary>ML.NET makes the predicted key of a saved model from its name: equal names make one key, missing ones none.</summary>
    public override string? Objection
    {
        get
        {
            var first = new Dictionary<object, int>();
            for (var i = 0; i < _names.Length; i++)
            {
                // Memory compares by place, text by what it says.
                var name = _names[i] is ReadOnlyMemory<char> text ? text.ToString() : (object)_names[i]!;
                if (name is "" or float.NaN or double.NaN)
                    return $"key {i + 1} has no name";
                if (!first.TryAdd(name, i))
                    return $"keys {first[name] + 1} and {i + 1} are both called '{Listing.Short(name.ToString()!)}'";
            }
            return null;
        }
    }

    public override void AddKeyValues(AnnotationSink sink) => sink.AddVector(KeyValues, _type, _names);

    public override void AddScoreSlots(AnnotationSink sink)
    {
        if (_type is TextDataViewType)
            sink.AddVector("SlotNames", _type, _names);
        sink.AddVector("TrainingLabelValues", _type, _names);
    }

    /// <remarks>Two steps, because MapValue alone would turn key values that are not text into text.</remarks>
    public override IEnumerable<ITransformer> IndexToLabel(MLContext context, string index, string temporary, string label)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Index)].ColumnName = index;
        schema[nameof(Row.Name)].ColumnName = temporary;
        var rows = context.Data.LoadFromEnumerable(_names.Select((name, i) => new Row { Index = i, Name = name }), schema);
        var named = _names.Select((name, i) => KeyValuePair.Create((long)i, name)).Append(KeyValuePair.Create(-1L, OtherName()));
        yield return context.Transforms.Conversion.MapValue(temporary, named, index).Fit(rows);
        yield return context.Transforms.Conversion.MapValueToKey(label, temporary, Math.Max(1, Count)).Fit(rows);
    }

    /// <summary>
    /// What stands for no class: a value that is none of the names, of which MapValueToKey makes a missing key. Where the names are all
    /// values of a type, as both of Boolean are, there is none left, and the first name stands for it.
    /// </summary>
    private T OtherName()
    {
        IEnumerable<object> candidates = Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.Single => [float.NaN],
            TypeCode.Double => [double.NaN],
            TypeCode.Boolean => [false, true],
            TypeCode.DateTime => Enumerable.Range(0, Count + 1).Select(ticks => (object)new DateTime(ticks)),
            TypeCode.Object => [default(T)!],
            var number => Enumerable.Range(0, Math.Min(Count, sbyte.MaxValue) + 1).Select(value => Convert.ChangeType(value, number)),
        };
        return candidates.Cast<T>().Except(_names).FirstOrDefault(_names[0]);
    }

    private sealed class Row
    {
        public long Index { get; set; }

        public T Name { get; set; } = default!;
    }
}
