using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    private readonly IHost _host;
    private readonly (string outputColumnName, string inputColumnName)[] _columns;
    private readonly long _maximumExampleCount;
    private readonly INormalization _normalization;

    internal NormalizingEstimator(
        IHostEnvironment env, InputOutputColumnPair[] columns, long maximumExampleCount, INormalization normalization)
    {
        Contracts.CheckValue(columns, nameof(columns));
        Contracts.CheckParam(maximumExampleCount > 1, nameof(maximumExampleCount), "Must be greater than 1");
        _host = env.Register(nameof(NormalizingEstimator));
        _columns = InputOutputColumnPair.ConvertToValueTuples(columns);
        (_maximumExampleCount, _normalization) = (maximumExampleCount, normalization);
    }

    public NormalizingTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        var sources = _columns.Select(pair => input.Schema.TryGetColumn(pair.inputColumnName, out var column)
            ? column
            : throw Contracts.ExceptSchemaMismatch(nameof(input), "input", pair.inputColumnName)).ToArray();

        using var progress = _host.StartProgressChannel("Normalize");
        var rows = 0L;
        progress.SetHeader(new ProgressHeader("examples"), entry => entry.SetProgress(0, rows));
        using var cursor = input.GetRowCursor(sources);
        var trainings = sources.Select(source => MakeTraining(cursor, cursor.Schema[source.Index])).ToArray();
        for (; rows < _maximumExampleCount && cursor.MoveNext(); rows++)
        {
            foreach (var (addRow, _) in trainings)
                addRow();
        }
        progress.Checkpoint(rows);
        var normalizers = trainings.Select(training => training.Finish()).ToArray();
        return new NormalizingTransformer(_host.Register(nameof(NormalizingTransformer)), _columns, normalizers);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return inputSchema.With(_columns.Select(pair =>
        {
            var source = inputSchema.Find(pair.inputColumnName);
            if (source.Kind == SchemaShape.Column.VectorKind.VariableVector)
                throw Mismatch(source, "known-size vector or scalar");
            if (!NormalizingTransformer.IsSupported(source.ItemType))
                throw Mismatch(source, "vector or scalar of Single or Double");

            List<SchemaShape.Column> annotations =
                [new(AnnotationNames.IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false)];
            if (source.Annotations.TryFindColumn(AnnotationNames.SlotNames, out var names))
                annotations.Add(names);
            return new SchemaShape.Column(pair.outputColumnName, source.Kind, source.ItemType, source.IsKey, new(annotations));
        }));

        static Exception Mismatch(SchemaShape.Column source, string expected) =>
            Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", source.Name, expected, source.GetTypeString());
    }

    private (Action AddRow, Func<ColumnNormalizer> Finish) MakeTraining(DataViewRow row, DataViewSchema.Column column)
    {
        if (!NormalizingTransformer.IsSupported(column.Type))
            throw Contracts.ExceptParam(nameof(column),
                $"Wrong type of column '{column.Name}'. Expected: Single, Double, or a known-size vector of them. Got: {column.Type}.");
        return column.Type.GetItemType() == NumberDataViewType.Single
            ? MakeTraining<float>(row, column)
            : MakeTraining<double>(row, column);
    }

    private (Action AddRow, Func<ColumnNormalizer> Finish) MakeTraining<T>(DataViewRow row, DataViewSchema.Column column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var slots = column.Type.GetValueCount();
        var statistics = _normalization.Gather<T>(slots);
        if (column.Type is VectorDataViewType)
        {
            var vectorGetter = row.GetGetter<VBuffer<T>>(column);
            VBuffer<T> vector = default;
            return (() =>
            {
                vectorGetter(ref vector);
                if (vector.Length != slots)
                    throw Contracts.Except($"Normalizer expected {slots} slots but got {vector.Length}");
                statistics.Add(in vector);
            }, () => statistics.Finish(column.Type));
        }

        var getter = row.GetGetter<T>(column);
        var value = new T[1];
        var buffer = new VBuffer<T>(1, value);
        return (() =>
        {
            getter(ref value[0]);
            statistics.Add(in buffer);
        }, () => statistics.Finish(column.Type));
    }
}
