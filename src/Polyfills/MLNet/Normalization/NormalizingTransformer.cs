using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed partial class NormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "Normalizer";

    private readonly ColumnNormalizer[] _columns;

    internal NormalizingTransformer(IHost host, (string outputColumnName, string inputColumnName)[] pairs, ColumnNormalizer[] columns)
        : base(host, pairs) => _columns = columns;

    private NormalizingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _columns = new ColumnNormalizer[ColumnPairs.Length];
        for (var i = 0; i < _columns.Length; i++)
        {
            var found = ctx.TryProcessSubModel(FolderOf(i), column => _columns[i] = ColumnNormalizer.Load(column));
            Contracts.CheckDecode(found, $"Missing {FolderOf(i)} model");
        }
    }

    public NormalizerModelParametersBase GetNormalizerModelParameters(int index)
    {
        Contracts.CheckParam(index >= 0 && index < _columns.Length, nameof(index),
            $"Valid range is from 0 (inclusive) to {_columns.Length} (exclusive) but got {index}.");
        return _columns[index].Parameters;
    }

    internal static NormalizingTransformer Load(IHostEnvironment env, ModelLoadContext ctx) =>
        new(env.Register(nameof(NormalizingTransformer)), ctx);

    internal override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(LoaderSignature);
        SaveColumns(ctx);
        for (var i = 0; i < _columns.Length; i++)
            ctx.SaveSubModel(FolderOf(i), _columns[i].Save);
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int iinfo, int srcCol)
    {
        var source = inputSchema[srcCol];
        if (!IsSupported(source.Type))
        {
            throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", source.Name,
                "scalar or known-size vector of Single or Double", source.Type.ToString()!);
        }
    }

    internal static bool IsSupported(DataViewType type) => type is not VectorDataViewType { IsKnownSize: false }
        && (type.GetItemType() == NumberDataViewType.Single || type.GetItemType() == NumberDataViewType.Double);

    private static string FolderOf(int column) => $"Normalizer_{column:000}";

    private sealed class Mapper(NormalizingTransformer parent, DataViewSchema inputSchema) : OneToOneMapper(parent, inputSchema)
    {
        private readonly NormalizingTransformer _parent = parent;

        protected override DataViewSchema.DetachedColumn[] GetOutputColumns() => [.. SourceColumns.Select((source, i) =>
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.AddIsNormalized();
            annotations.Add(InputSchema[source].Annotations, name => name == AnnotationNames.SlotNames);
            var (name, type) = (Parent.ColumnPairs[i].outputColumnName, _parent._columns[i].ColumnType);
            return new DataViewSchema.DetachedColumn(name, type, annotations.ToAnnotations());
        })];

        protected override Delegate MakeGetter(DataViewRow input, int iOut, Func<int, bool> isOutputActive, out Action? disposer)
        {
            disposer = null;
            return _parent._columns[iOut].MakeGetter(input, input.Schema[SourceColumns[iOut]]);
        }
    }
}
