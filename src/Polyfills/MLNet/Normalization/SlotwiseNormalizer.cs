using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>A function with two parameters a slot.</summary>
internal abstract class SlotwiseNormalizer<T>(DataViewType columnType, string loaderSignature, T[] first, T[] second)
    : ColumnNormalizer(columnType)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(loaderSignature);
        DataViewTypeCodec.WriteType(ctx.Writer, ColumnType);
        DataViewTypeCodec.WriteVBuffer(ctx.Writer, new VBuffer<T>(first.Length, first));
        DataViewTypeCodec.WriteVBuffer(ctx.Writer, new VBuffer<T>(second.Length, second));
    }

    public sealed override Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column) =>
        column.Type is VectorDataViewType ? VectorGetter(input, column) : ScalarGetter(input, column);

    protected abstract T Apply(T value, int slot);

    /// <summary>Writes every slot of the result and returns how many are not zero.</summary>
    protected abstract int Apply(in VBuffer<T> source, Span<T> destination);

    private ValueGetter<T> ScalarGetter(DataViewRow input, DataViewSchema.Column column)
    {
        var getter = input.GetGetter<T>(column);
        return (ref T value) =>
        {
            getter(ref value);
            value = Apply(value, 0);
        };
    }

    private ValueGetter<VBuffer<T>> VectorGetter(DataViewRow input, DataViewSchema.Column column)
    {
        var getter = input.GetGetter<VBuffer<T>>(column);
        VBuffer<T> source = default;
        return (ref VBuffer<T> destination) =>
        {
            getter(ref source);
            if (source.Length != first.Length)
                throw Contracts.Except($"Column '{column.Name}': expected {first.Length} slots, but got {source.Length}");
            var editor = VBufferEditor.Create(ref destination, source.Length, requireIndicesOnDense: true);
            destination = editor.CommitPacked(Apply(in source, editor.Values));
        };
    }
}
