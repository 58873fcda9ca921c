using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class TypeConvertingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ConvertTransform";

    internal TypeConvertingTransformer(IHost host, (string outputColumnName, string inputColumnName)[] columns, DataKind outputKind)
        : base(host, columns)
    {
        Contracts.CheckNonEmpty(columns, nameof(columns));
        OutputKind = outputKind;
    }

    private TypeConvertingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx) => OutputKind = (DataKind)ctx.Reader.ReadByte();

    internal DataKind OutputKind { get; }

    internal static TypeConvertingTransformer Load(IHostEnvironment env, ModelLoadContext ctx) =>
        new(env.Register(nameof(TypeConvertingTransformer)), ctx);

    internal override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(LoaderSignature);
        SaveColumns(ctx);
        ctx.Writer.Write((byte)OutputKind);
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int iinfo, int srcCol)
    {
        var source = inputSchema[srcCol];
        var itemType = (PrimitiveDataViewType)source.Type.GetItemType();
        Contracts.CheckParam(TypeConversion.Find(itemType, TargetOf(itemType)) is not null, nameof(inputSchema),
            $"source column '{source.Name}' with item type '{source.Type}' is not compatible with destination type " +
            $"'{OutputKind.ToDataViewType()}'");
    }

    // A key stays one; where the new type holds fewer, it holds the first of them.
    private PrimitiveDataViewType TargetOf(PrimitiveDataViewType itemType)
    {
        var target = OutputKind.ToDataViewType();
        return itemType is KeyDataViewType key && KeyDataViewType.IsValidDataType(target.RawType)
            ? new KeyDataViewType(target.RawType, Math.Min(key.Count, KeyDataViewType.MaxCount(target.RawType)))
            : target;
    }

    private sealed class Mapper(TypeConvertingTransformer parent, DataViewSchema inputSchema) : OneToOneMapper(parent, inputSchema)
    {
        private readonly TypeConvertingTransformer _parent = parent;

        protected override DataViewSchema.DetachedColumn[] GetOutputColumns() => [.. SourceColumns.Select((index, i) =>
        {
            var source = InputSchema[index];
            var sourceItem = (PrimitiveDataViewType)source.Type.GetItemType();
            var item = _parent.TargetOf(sourceItem);
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.Add(source.Annotations, name => name switch
            {
                AnnotationNames.SlotNames => source.Type.IsKnownSizeVector(),
                AnnotationNames.KeyValues => sourceItem is KeyDataViewType,
                AnnotationNames.IsNormalized => sourceItem is NumberDataViewType && item is NumberDataViewType,
                _ => false,
            });
            if (source.Type is BooleanDataViewType && item is NumberDataViewType)
                annotations.AddIsNormalized();
            var type = source.Type is VectorDataViewType vector ? new VectorDataViewType(item, vector.Dimensions) : (DataViewType)item;
            return new DataViewSchema.DetachedColumn(Parent.ColumnPairs[i].outputColumnName, type, annotations.ToAnnotations());
        })];

        protected override Delegate MakeGetter(DataViewRow input, int iOut, Func<int, bool> isOutputActive, out Action? disposer)
        {
            disposer = null;
            var source = input.Schema[SourceColumns[iOut]];
            var item = (PrimitiveDataViewType)source.Type.GetItemType();
            var target = _parent.TargetOf(item);
            if (item.RawType == target.RawType)
                return input.GetGetter(source);
            var (types, convert) = (new[] { item.RawType, target.RawType }, TypeConversion.Find(item, target));
            return source.Type is VectorDataViewType
                ? TypedCall.Of<Delegate>(VectorGetter<int, int>, types, input, source, convert)
                : TypedCall.Of<Delegate>(ScalarGetter<int, int>, types, input, source, convert);
        }

        private static ValueGetter<TTarget> ScalarGetter<TSource, TTarget>(
            DataViewRow input, DataViewSchema.Column source, Func<TSource, TTarget> convert)
        {
            var getter = input.GetGetter<TSource>(source);
            TSource value = default!;
            return (ref TTarget destination) =>
            {
                getter(ref value);
                destination = convert(value);
            };
        }

        private static ValueGetter<VBuffer<TTarget>> VectorGetter<TSource, TTarget>(
            DataViewRow input, DataViewSchema.Column source, Func<TSource, TTarget> convert)
        {
            var getter = input.GetGetter<VBuffer<TSource>>(source);
            VBuffer<TSource> row = default;
            return (ref VBuffer<TTarget> destination) =>
            {
                getter(ref row);
                var values = row.GetValues();
                var editor = VBufferEditor.Create(ref destination, row.Length, values.Length);
                for (var i = 0; i < values.Length; i++)
                    editor.Values[i] = convert(values[i]);
                row.GetIndices().CopyTo(editor.Indices);
                destination = editor.Commit();
            };
        }
    }
}
