using System.Collections.Immutable;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How much a model's metrics change when the values of one feature at a time are dealt to other rows.</summary>
internal static class FeaturePermutation
{
    public static ImmutableArray<TStatistics> Measure<TMetrics, TStatistics>(IHostEnvironment env, ITransformer model, string features,
        IDataView data, Func<IDataView, TMetrics> evaluate, Func<TStatistics> createStatistics, int? examples, int permutations)
        where TStatistics : IMetricsStatistics<TMetrics>
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckNonEmpty(features, nameof(features));
        Contracts.Check(examples is null or > 0,
            "Provide how many examples to use (positive number) or set to null to use whole dataset.");

        var random = env.Register(nameof(FeaturePermutation)).Rand;
        var baseline = evaluate(model.Transform(data));
        var column = data.Schema[features];
        var importances = ImmutableArray.CreateBuilder<TStatistics>();
        for (var slot = 0; slot < column.Type.GetVectorSize(); slot++)
        {
            var values = ReadSlot(data, column, slot, examples ?? int.MaxValue);
            if (values.Length == 0)
                break;
            var statistics = createStatistics();
            for (var i = 0; i < permutations; i++)
            {
                random.Shuffle(values);
                IDataView permuted = new MappedDataView(data, new PermutedSlot(data.Schema, column, slot, values));
                if (values.Length == examples)
                    permuted = new RowRangeDataView(permuted, skip: 0, take: values.Length);
                statistics.Add(evaluate(model.Transform(permuted)), baseline);
            }
            importances.Add(statistics);
        }
        return importances.ToImmutable();
    }

    private static float[] ReadSlot(IDataView data, DataViewSchema.Column column, int slot, int rows)
    {
        var values = new List<float>();
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> row = default;
        while (values.Count < rows && cursor.MoveNext())
        {
            getter(ref row);
            values.Add(row.GetItemOrDefault(slot));
        }
        return [.. values];
    }

    private sealed class PermutedSlot(DataViewSchema schema, DataViewSchema.Column column, int slot, float[] values) : RowMapper(schema)
    {
        internal override void MarkDependencies(int iOut, bool[] active) => active[column.Index] = true;

        protected override DataViewSchema.DetachedColumn[] GetOutputColumns() => [new(column.Name, column.Type)];

        protected override Delegate MakeGetter(DataViewRow input, int iOut, Func<int, bool> isOutputActive, out Action? disposer)
        {
            disposer = null;
            var getter = input.GetGetter<VBuffer<float>>(column);
            VBuffer<float> source = default;
            return new ValueGetter<VBuffer<float>>((ref VBuffer<float> row) =>
            {
                getter(ref source);
                var editor = VBufferEditor.Create(ref row, source.Length);
                source.CopyTo(editor.Values);
                editor.Values[slot] = values[input.Position];
                row = editor.Commit();
            });
        }
    }
}
