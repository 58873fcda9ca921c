using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests.Chains;

/// <summary>An estimator as another assembly writes one, with public interfaces only: it adds twice the column "Value".</summary>
internal sealed class DoublingEstimator(MLContext context) : IEstimator<DoublingTransformer>
{
    public int SchemaCalls { get; private set; }

    public DoublingTransformer Fit(IDataView input) => new(context);

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        SchemaCalls++;
        if (inputSchema.All(column => column.Name != "Value"))
            throw new ArgumentOutOfRangeException(nameof(inputSchema), "Could not find the column 'Value'");
        var added = context.Transforms.CustomMapping<Nothing, Doubled>((_, _) => { }, null).GetOutputSchema(new SchemaShape([]));
        return new SchemaShape([.. inputSchema, .. added]);
    }

    private sealed class Nothing
    {
    }

    internal sealed class Doubled
    {
        public float Twice { get; set; }
    }
}

/// <summary>Saves itself as a chain of official transformers.</summary>
internal sealed class DoublingTransformer(MLContext context) : ITransformer, IDisposable
{
    public bool IsDisposed { get; private set; }

    public bool IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumn("Twice", NumberDataViewType.Single);
        return builder.ToSchema();
    }

    public IDataView Transform(IDataView input) => new View(input, GetOutputSchema(input.Schema));

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new Mapper(inputSchema, GetOutputSchema(inputSchema));

    public void Save(ModelSaveContext ctx)
    {
        var inner = context.Transforms.CopyColumns("Twice", "Value").Append(context.Transforms.CopyColumns("Again", "Twice"));
        ((ICanSaveModel)inner.Fit(context.Data.LoadFromEnumerable([new Input()]))).Save(ctx);
    }

    public void Dispose() => IsDisposed = true;

    private sealed class Input
    {
        public float Value { get; set; }
    }

    private sealed class View(IDataView source, DataViewSchema schema) : IDataView
    {
        public bool CanShuffle => source.CanShuffle;

        public DataViewSchema Schema => schema;

        public long? GetRowCount() => source.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            new Cursor(source.GetRowCursor(source.Schema, rand), schema);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded, rand)];
    }

    private sealed class Mapper(DataViewSchema input, DataViewSchema output) : IRowToRowMapper
    {
        public DataViewSchema InputSchema => input;

        public DataViewSchema OutputSchema => output;

        public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => input;

        public DataViewRow GetRow(DataViewRow row, IEnumerable<DataViewSchema.Column> activeColumns) => new Row(row, output);
    }

    private static ValueGetter<TValue> GetterOf<TValue>(DataViewRow input, DataViewSchema.Column column)
    {
        if (column.Index < input.Schema.Count)
            return input.GetGetter<TValue>(input.Schema[column.Index]);
        var getter = input.GetGetter<float>(input.Schema["Value"]);
        ValueGetter<float> twice = (ref float value) =>
        {
            getter(ref value);
            value *= 2;
        };
        return (ValueGetter<TValue>)(Delegate)twice;
    }

    private sealed class Row(DataViewRow input, DataViewSchema schema) : DataViewRow
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => schema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => GetterOf<TValue>(input, column);
    }

    private sealed class Cursor(DataViewRowCursor input, DataViewSchema schema) : DataViewRowCursor
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => schema;

        public override bool MoveNext() => input.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => GetterOf<TValue>(input, column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
        }
    }
}
