using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class MissingValueIndicatorTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "NaIndicatorTransform";

    internal MissingValueIndicatorTransformer(IHost host, params (string outputColumnName, string inputColumnName)[] columns)
        : base(host, columns)
    {
    }

    private MissingValueIndicatorTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    internal static MissingValueIndicatorTransformer Load(IHostEnvironment env, ModelLoadContext ctx) =>
        new(env.Register(nameof(MissingValueIndicatorTransformer)), ctx);

    internal override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(LoaderSignature);
        SaveColumns(ctx);
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int iinfo, int srcCol) => Contracts.Check(
        MissingValues.CanHold(inputSchema[srcCol].Type.GetItemType()), $"No IsNA predicate for '{inputSchema[srcCol].Type.GetItemType()}'");

    private sealed class Mapper(MissingValueIndicatorTransformer parent, DataViewSchema inputSchema) : OneToOneMapper(parent, inputSchema)
    {
        protected override DataViewSchema.DetachedColumn[] GetOutputColumns() => [.. SourceColumns.Select((index, i) =>
        {
            var source = InputSchema[index];
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.Add(source.Annotations, name => name == AnnotationNames.SlotNames);
            annotations.AddIsNormalized();
            var type = source.Type is VectorDataViewType vector
                ? new VectorDataViewType(BooleanDataViewType.Instance, vector.Dimensions)
                : (DataViewType)BooleanDataViewType.Instance;
            return new DataViewSchema.DetachedColumn(Parent.ColumnPairs[i].outputColumnName, type, annotations.ToAnnotations());
        })];

        protected override Delegate MakeGetter(DataViewRow input, int iOut, Func<int, bool> isOutputActive, out Action? disposer)
        {
            disposer = null;
            var source = input.Schema[SourceColumns[iOut]];
            return source.Type is VectorDataViewType vector
                ? TypedCall.Of<Delegate>(VectorGetter<float>, [vector.ItemType.RawType], input, source)
                : TypedCall.Of<Delegate>(ScalarGetter<float>, [source.Type.RawType], input, source);
        }

        private static ValueGetter<bool> ScalarGetter<T>(DataViewRow input, DataViewSchema.Column source)
        {
            var getter = input.GetGetter<T>(source);
            T value = default!;
            return (ref bool isMissing) =>
            {
                getter(ref value);
                isMissing = MissingValues.IsMissing(in value);
            };
        }

        private static ValueGetter<VBuffer<bool>> VectorGetter<T>(DataViewRow input, DataViewSchema.Column source)
        {
            var getter = input.GetGetter<VBuffer<T>>(source);
            var isDefaultMissing = MissingValues.IsMissing<T>(default!);
            VBuffer<T> row = default;
            return (ref VBuffer<bool> destination) =>
            {
                getter(ref row);
                var values = row.GetValues();
                var indices = row.GetIndices();
                var editor = VBufferEditor.Create(ref destination, row.Length, requireIndicesOnDense: true);
                if (!row.IsDense)
                    editor.Values.Fill(isDefaultMissing);
                for (var i = 0; i < values.Length; i++)
                    editor.Values[row.IsDense ? i : indices[i]] = MissingValues.IsMissing(in values[i]);
                destination = editor.CommitPacked(editor.Values.Count(true));
            };
        }
    }
}
