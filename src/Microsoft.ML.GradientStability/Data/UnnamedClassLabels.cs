using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Classes that are only numbered: a label loaded as a key without values.</summary>
internal sealed class UnnamedClassLabels(int count) : ClassLabels(count)
{
    public override IEnumerable<string> Names => Enumerable.Range(1, Count).Select(key => key.ToString());

    public override void AddKeyValues(AnnotationSink sink) { }

    public override void AddScoreSlots(AnnotationSink sink) { }

    public override IEnumerable<ITransformer> IndexToLabel(MLContext context, string index, string temporary, string label)
    {
        var keys = Enumerable.Range(0, Count).Select(i => KeyValuePair.Create((long)i, (uint)i + 1));
        var map = context.Transforms.Conversion.MapValue(label, keys, index, treatValuesAsKeyType: true);
        yield return map.Fit(context.Data.LoadFromEnumerable([new Row { Index = 0 }], Row.Schema(index)));
    }

    private sealed class Row
    {
        public long Index { get; set; }

        public static SchemaDefinition Schema(string index)
        {
            var schema = SchemaDefinition.Create(typeof(Row));
            schema[nameof(Index)].ColumnName = index;
            return schema;
        }
    }
}
