using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToValueTransform";

    internal KeyToValueMappingTransformer(IHost host, params (string outputColumnName, string inputColumnName)[] columns)
        : base(host, columns)
    {
    }

    private KeyToValueMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    internal static KeyToValueMappingTransformer Load(IHostEnvironment env, ModelLoadContext ctx) =>
        new(env.Register(nameof(KeyToValueMappingTransformer)), ctx);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(LoaderSignature);
        SaveColumns(ctx);
    }

    internal override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private sealed class Mapper : OneToOneMapper
    {
        private readonly IKeyValues[] _maps;

        public Mapper(KeyToValueMappingTransformer parent, DataViewSchema inputSchema)
            : base(parent, inputSchema) => _maps = [.. SourceColumns.Select(source => MakeMap(inputSchema[source]))];

        protected override DataViewSchema.DetachedColumn[] GetOutputColumns() => [.. SourceColumns.Select((source, i) =>
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.Add(InputSchema[source].Annotations, name => name == AnnotationNames.SlotNames);
            var type = InputSchema[source].Type is VectorDataViewType vector
                ? new VectorDataViewType(_maps[i].ValueType, vector.Dimensions)
                : (DataViewType)_maps[i].ValueType;
            return new DataViewSchema.DetachedColumn(Parent.ColumnPairs[i].outputColumnName, type, annotations.ToAnnotations());
        })];

        protected override Delegate MakeGetter(DataViewRow input, int iOut, Func<int, bool> isOutputActive, out Action? disposer)
        {
            disposer = null;
            return _maps[iOut].MakeGetter(input, input.Schema[SourceColumns[iOut]]);
        }

        private static IKeyValues MakeMap(DataViewSchema.Column column)
        {
            var values = column.Annotations.Schema.GetColumnOrNull(AnnotationNames.KeyValues)
                ?? throw Contracts.Except($"Column '{column.Name}' has no {AnnotationNames.KeyValues} annotation");
            var keyType = column.Type.GetItemType();
            Contracts.Check(keyType.GetKeyCount() == (ulong)values.Type.GetVectorSize() && values.Type is VectorDataViewType,
                $"The size of the {AnnotationNames.KeyValues} annotation of column '{column.Name}' is not its key count");
            var valueType = (PrimitiveDataViewType)values.Type.GetItemType();
            return TypedCall.Of<IKeyValues>(MakeMap<int, int>, [keyType.RawType, valueType.RawType], column, valueType);
        }

        private static IKeyValues MakeMap<TKey, TValue>(DataViewSchema.Column column, PrimitiveDataViewType valueType)
        {
            var values = default(VBuffer<TValue>);
            column.GetKeyValues(ref values);
            return new KeyValues<TKey, TValue>(valueType, [.. values.DenseValues()]);
        }
    }
}
