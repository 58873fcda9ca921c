using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly Action<TSrc, TDst> _mapAction;
    private readonly string? _contractName;

    internal CustomMappingTransformer(IHostEnvironment env, Action<TSrc, TDst> mapAction, string? contractName,
        SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null)
    {
        Contracts.CheckValue(env, nameof(env));
        Contracts.CheckValue(mapAction, nameof(mapAction));
        _mapAction = mapAction;
        _contractName = contractName;
        InputDefinition = InternalSchemaDefinition.Create(typeof(TSrc), inputSchemaDefinition, SchemaDefinition.Direction.Read);
        OutputDefinition = InternalSchemaDefinition.Create(typeof(TDst), outputSchemaDefinition, SchemaDefinition.Direction.Write);
    }

    internal InternalSchemaDefinition InputDefinition { get; }

    internal InternalSchemaDefinition OutputDefinition { get; }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return Map(new EmptyDataView(inputSchema)).Schema;
    }

    public IDataView Transform(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        return Map(input);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return Map(new EmptyDataView(inputSchema));
    }

    // The factory is looked for where the mapping's own code stands.
    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        CustomMappingModel.Save(ctx, _contractName, _mapAction.Method.DeclaringType!.Assembly);

    private MappedDataView Map(IDataView input) => new(input, new Mapper(this, input.Schema));

    private sealed class Mapper(CustomMappingTransformer<TSrc, TDst> parent, DataViewSchema inputSchema) : RowMapper(inputSchema)
    {
        private readonly DataViewSchema.Column[] _needed =
            TypedRowReader<TSrc>.Dependencies(inputSchema, parent.InputDefinition, ignoreMissingColumns: false);

        protected override DataViewSchema.DetachedColumn[] GetOutputColumns() =>
            [.. parent.OutputDefinition.Columns.Select(column => column.ToDetached())];

        internal override void MarkDependencies(int iOut, bool[] active)
        {
            foreach (var column in _needed)
                active[column.Index] = true;
        }

        // The action runs once a row, whichever of its outputs is asked for first.
        internal override Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> isOutputActive, out Action? disposer)
        {
            disposer = null;
            var columns = parent.OutputDefinition.Columns;
            var getters = new Delegate?[columns.Length];
            if (!Enumerable.Range(0, columns.Length).Any(isOutputActive))
                return getters;
            var current = Mapped(input);
            for (var i = 0; i < columns.Length; i++)
                getters[i] = isOutputActive(i) ? TypedRowWriter<TDst>.CreateGetter(columns[i], current) : null;
            return getters;
        }

        private Func<TDst> Mapped(DataViewRow input)
        {
            var reader = new TypedRowReader<TSrc>(input, parent.InputDefinition, ignoreMissingColumns: false);
            var (source, target) = (new TSrc(), new TDst());
            var position = -1L;
            return () =>
            {
                if (position != input.Position)
                {
                    reader.Fill(source);
                    parent._mapAction(source, target);
                    position = input.Position;
                }
                return target;
            };
        }
    }
}
