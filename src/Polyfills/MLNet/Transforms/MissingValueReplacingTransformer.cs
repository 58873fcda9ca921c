using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class MissingValueReplacingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "NAReplaceTransform";

    private readonly Replacement[] _replacements;

    internal MissingValueReplacingTransformer(
        IHost host, (string outputColumnName, string inputColumnName)[] columns, Replacement[] replacements)
        : base(host, columns) => _replacements = replacements;

    private MissingValueReplacingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx) => _replacements = [.. ColumnPairs.Select(_ => Replacement.Load(ctx.Reader))];

    internal static MissingValueReplacingTransformer Load(IHostEnvironment env, ModelLoadContext ctx) =>
        new(env.Register(nameof(MissingValueReplacingTransformer)), ctx);

    internal static void CheckType(DataViewType itemType) => Contracts.CheckParam(MissingValues.IsReal(itemType), "inputSchema",
        $"Type '{itemType}' is not supported by {LoaderSignature} since it has no missing value, or one that is its default value");

    internal override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(LoaderSignature);
        SaveColumns(ctx);
        foreach (var replacement in _replacements)
            replacement.Save(ctx.Writer);
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int iinfo, int srcCol)
    {
        var source = inputSchema[srcCol];
        CheckType(source.Type.GetItemType());
        _replacements[iinfo].CheckFits(source);
    }

    private sealed class Mapper(MissingValueReplacingTransformer parent, DataViewSchema inputSchema) : OneToOneMapper(parent, inputSchema)
    {
        private readonly MissingValueReplacingTransformer _parent = parent;

        protected override DataViewSchema.DetachedColumn[] GetOutputColumns() => [.. SourceColumns.Select((index, i) =>
        {
            var source = InputSchema[index];
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.Add(source.Annotations, name => name is AnnotationNames.SlotNames or AnnotationNames.IsNormalized);
            return new DataViewSchema.DetachedColumn(Parent.ColumnPairs[i].outputColumnName, source.Type, annotations.ToAnnotations());
        })];

        protected override Delegate MakeGetter(DataViewRow input, int iOut, Func<int, bool> isOutputActive, out Action? disposer)
        {
            disposer = null;
            return _parent._replacements[iOut].MakeGetter(input, input.Schema[SourceColumns[iOut]]);
        }
    }
}
