using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public class ValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ValueMappingTransformer";
    private const string MapName = "DefaultMap.idv";

    internal ValueMappingTransformer(IHost host, ValueMap map, params (string outputColumnName, string inputColumnName)[] columns)
        : base(host, columns) => Map = map;

    private ValueMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        ValueMap? map = null;
        ctx.TryLoadBinaryStream(MapName, reader => map = ValueMap.Load(reader));
        Map = map ?? throw Contracts.ExceptDecode($"The model lacks the mapping '{MapName}'.");
    }

    internal ValueMap Map { get; }

    internal static ValueMappingTransformer Load(IHostEnvironment env, ModelLoadContext ctx) =>
        new(env.Register(nameof(ValueMappingTransformer)), ctx);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(LoaderSignature);
        SaveColumns(ctx);
        ctx.SaveBinaryStream(MapName, Map.Save);
    }

    internal override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private sealed class Mapper(ValueMappingTransformer parent, DataViewSchema inputSchema) : OneToOneMapper(parent, inputSchema)
    {
        private readonly ValueMap _map = parent.Map;

        // The values of a vector's slots form a vector of variable size, whose items are plain even where a scalar's would be keys.
        protected override DataViewSchema.DetachedColumn[] GetOutputColumns() => [.. SourceColumns.Select((source, i) =>
        {
            var type = InputSchema[source].Type is VectorDataViewType
                ? new VectorDataViewType(DataViewTypeExtensions.PrimitiveTypeFromType(_map.ValueType.RawType))
                : (DataViewType)_map.ValueType;
            return new DataViewSchema.DetachedColumn(Parent.ColumnPairs[i].outputColumnName, type, _map.ValueAnnotations);
        })];

        protected override Delegate MakeGetter(DataViewRow input, int iOut, Func<int, bool> isOutputActive, out Action? disposer)
        {
            disposer = null;
            return _map.MakeGetter(input, input.Schema[SourceColumns[iOut]]);
        }
    }
}
