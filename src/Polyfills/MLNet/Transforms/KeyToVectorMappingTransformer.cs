using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class KeyToVectorMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToVectorTransform";

    internal KeyToVectorMappingTransformer(
        IHost host, (string outputColumnName, string inputColumnName)[] columns, bool outputCountVector)
        : base(host, columns) => Counts = outputCountVector;

    private KeyToVectorMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx) => Counts = ctx.Reader.ReadBoolean();

    /// <summary>True where the indicators of a vector's slots are added up instead of set side by side.</summary>
    internal bool Counts { get; }

    internal static KeyToVectorMappingTransformer Load(IHostEnvironment env, ModelLoadContext ctx) =>
        new(env.Register(nameof(KeyToVectorMappingTransformer)), ctx);

    internal override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(LoaderSignature);
        SaveColumns(ctx);
        ctx.Writer.Write(Counts);
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int iinfo, int srcCol)
    {
        var source = inputSchema[srcCol];
        var count = source.Type.GetItemType().GetKeyCount();
        if (count == 0)
        {
            throw Contracts.ExceptSchemaMismatch(
                nameof(inputSchema), "input", source.Name, "key type of known cardinality", source.Type.ToString()!);
        }
        Contracts.Check(count <= int.MaxValue, $"Column '{source.Name}' has {count} keys, which are too many for a vector");
    }

    private sealed class Mapper(KeyToVectorMappingTransformer parent, DataViewSchema inputSchema) : OneToOneMapper(parent, inputSchema)
    {
        private readonly bool _counts = parent.Counts;

        protected override DataViewSchema.DetachedColumn[] GetOutputColumns() => [.. SourceColumns.Select((index, i) =>
        {
            var source = InputSchema[index];
            var (keys, values) = ((int)source.Type.GetItemType().GetKeyCount(), source.Type.GetValueCount());
            var type = _counts || values == 1
                ? new VectorDataViewType(NumberDataViewType.Single, keys)
                : new VectorDataViewType(NumberDataViewType.Single, values, keys);
            var annotations = KeyIndicators.Annotations(source, type, _counts);
            return new DataViewSchema.DetachedColumn(Parent.ColumnPairs[i].outputColumnName, type, annotations);
        })];

        protected override Delegate MakeGetter(DataViewRow input, int iOut, Func<int, bool> isOutputActive, out Action? disposer)
        {
            disposer = null;
            var source = input.Schema[SourceColumns[iOut]];
            return TypedCall.Of<Delegate>(KeyIndicators.MakeGetter<uint>, [source.Type.GetItemType().RawType], input, source, _counts);
        }
    }
}
