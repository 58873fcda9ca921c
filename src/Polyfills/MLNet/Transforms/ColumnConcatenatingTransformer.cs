using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Data;

public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ConcatTransform";

    private readonly string _name;
    private readonly string[] _sources;

    internal ColumnConcatenatingTransformer(IHost host, string outputColumnName, string[] inputColumnNames)
        : base(host)
    {
        Contracts.CheckNonEmpty(inputColumnNames, nameof(inputColumnNames));
        _name = outputColumnName;
        _sources = inputColumnNames;
    }

    internal static ColumnConcatenatingTransformer Load(IHostEnvironment env, ModelLoadContext ctx)
    {
        var name = ctx.LoadNonEmptyString();
        var sources = new string[ctx.Reader.ReadInt32()];
        for (var i = 0; i < sources.Length; i++)
            sources[i] = ctx.LoadNonEmptyString();
        return new(env.Register(nameof(ColumnConcatenatingTransformer)), name, sources);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(LoaderSignature);
        ctx.SaveNonEmptyString(_name);
        ctx.Writer.Write(_sources.Length);
        foreach (var source in _sources)
            ctx.SaveNonEmptyString(source);
    }

    internal override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(_name, _sources, inputSchema);

    private sealed class Mapper : RowMapper
    {
        private readonly string _name;
        private readonly DataViewSchema.Column[] _columns;
        private readonly VectorDataViewType _type;

        public Mapper(string name, string[] sources, DataViewSchema inputSchema)
            : base(inputSchema)
        {
            _name = name;
            _columns = [.. sources.Select(source => inputSchema.TryGetColumn(source, out var column)
                ? column
                : throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", source))];

            var itemType = (PrimitiveDataViewType)_columns[0].Type.GetItemType();
            var mismatch = _columns.FirstOrDefault(column => !column.Type.GetItemType().Equals(itemType));
            if (mismatch.Name is not null)
                throw Contracts.ExceptSchemaMismatch(
                    nameof(inputSchema), "input", mismatch.Name, itemType.ToString()!, mismatch.Type.ToString()!);

            var sizes = _columns.Select(column => column.Type.GetValueCount()).ToArray();
            _type = new VectorDataViewType(itemType, sizes.Contains(0) ? 0 : sizes.Sum());
        }

        private bool IsIdentity => _columns is [{ Type: VectorDataViewType }];

        protected override DataViewSchema.DetachedColumn[] GetOutputColumns() => IsIdentity
            ? [new(_name, _columns[0].Type, _columns[0].Annotations)]
            : [new(_name, _type, ConcatenatedAnnotations.Of(_columns, _type))];

        internal override void MarkDependencies(int iOut, bool[] active)
        {
            foreach (var column in _columns)
                active[column.Index] = true;
        }

        protected override Delegate MakeGetter(DataViewRow input, int iOut, Func<int, bool> isOutputActive, out Action? disposer)
        {
            disposer = null;
            return IsIdentity
                ? input.GetGetter(input.Schema[_columns[0].Index])
                : TypedCall.Of<Delegate>(MakeGetter<int>, [_type.ItemType.RawType], input);
        }

        private ValueGetter<VBuffer<T>> MakeGetter<T>(DataViewRow input) => new Concatenation<T>(input, _columns).Get;
    }
}
