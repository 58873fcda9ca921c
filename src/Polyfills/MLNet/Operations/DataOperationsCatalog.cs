using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    private readonly IHostEnvironment _env;

    internal DataOperationsCatalog(IHostEnvironment env) => _env = env;

    internal IHostEnvironment Environment => _env;

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition? schemaDefinition = null)
        where TRow : class
    {
        Contracts.CheckValue(data, nameof(data));
        return new EnumerableDataView<TRow>(data,
            InternalSchemaDefinition.Create(typeof(TRow), schemaDefinition, SchemaDefinition.Direction.Read));
    }

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema)
        where TRow : class
    {
        Contracts.CheckValue(schema, nameof(schema));
        return LoadFromEnumerable(data, SchemaDefinition.Create(typeof(TRow), schema));
    }

    public IEnumerable<TRow> CreateEnumerable<TRow>(IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false,
        SchemaDefinition? schemaDefinition = null)
        where TRow : class, new()
    {
        Contracts.CheckValue(data, nameof(data));
        var definition = InternalSchemaDefinition.Create(typeof(TRow), schemaDefinition, SchemaDefinition.Direction.Write);
        var needed = TypedRowReader<TRow>.Dependencies(data.Schema, definition, ignoreMissingColumns);
        return Rows();

        IEnumerable<TRow> Rows()
        {
            using var cursor = data.GetRowCursor(needed);
            var reader = new TypedRowReader<TRow>(cursor, definition, ignoreMissingColumns);
            TRow? row = null;
            while (cursor.MoveNext())
            {
                if (!reuseRowObject || row is null)
                    row = new TRow();
                reader.Fill(row);
                yield return row;
            }
        }
    }

    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string? samplingKeyColumnName = null, int? seed = null)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckParam(0 < testFraction && testFraction < 1, nameof(testFraction), "Must be between 0 and 1 exclusive");
        var sampler = RowSampler.Create(data, samplingKeyColumnName, seed ?? (_env as IHostEnvironmentInternal)?.Seed);
        return new TrainTestData(
            new SampledDataView(data, sampler, number => number < 0 || number >= testFraction),
            new SampledDataView(data, sampler, number => 0 <= number && number < testFraction));
    }

    public struct TrainTestData
    {
        public readonly IDataView TrainSet;
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet) => (TrainSet, TestSet) = (trainSet, testSet);
    }
}
