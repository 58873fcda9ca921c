using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static Microsoft.ML.Transforms.MissingValueReplacingEstimator;

namespace Microsoft.ML.Transforms;

/// <summary>What the missing values of a column are replaced with: one value, or one for each slot.</summary>
internal abstract class Replacement
{
    public static Replacement[] Train(IHost host, IDataView input, DataViewSchema.Column[] sources, ReplacementMode mode, bool bySlot)
    {
        using var channel = host.Start("Computing Statistics");
        // One pass over the rows feeds all columns.
        using var cursor = mode == ReplacementMode.DefaultValue ? null : input.GetRowCursor(sources);
        var trainings = sources.Select(source => source.Type.GetItemType() == NumberDataViewType.Single
            ? Prepare<float>(channel, cursor, source, mode, bySlot)
            : Prepare<double>(channel, cursor, source, mode, bySlot)).ToArray();
        while (cursor is not null && cursor.MoveNext())
        {
            foreach (var (addRow, _) in trainings)
                addRow();
        }
        return [.. trainings.Select(training => training.Finish())];
    }

    public static Replacement Load(BinaryReader reader)
    {
        var type = DataViewTypeCodec.ReadType(reader);
        return type.GetItemType() == NumberDataViewType.Single ? Replacement<float>.Load(type, reader) : Replacement<double>.Load(type, reader);
    }

    public abstract void Save(BinaryWriter writer);

    public abstract void CheckFits(DataViewSchema.Column source);

    public abstract Delegate MakeGetter(DataViewRow input, DataViewSchema.Column source);

    private static (Action AddRow, Func<Replacement> Finish) Prepare<T>(
        IChannel channel, DataViewRow? row, DataViewSchema.Column source, ReplacementMode mode, bool bySlot)
        where T : struct, IFloatingPointIeee754<T>
    {
        var itemType = source.Type.GetItemType();
        if (row is null)
            return (() => { }, () => new Replacement<T>(itemType, [T.Zero]));
        if (source.Type is not VectorDataViewType vector)
        {
            var (scalarGetter, scalar) = (row.GetGetter<T>(source), new T[1]);
            var values = new VBuffer<T>(1, scalar);
            var statistics = new ReplacementStatistics<T>(mode, slots: 1, bySlot: true);
            return (() =>
            {
                scalarGetter(ref scalar[0]);
                statistics.Add(in values);
            }, () => new Replacement<T>(itemType, statistics.Finish(channel)));
        }

        if (bySlot && !vector.IsKnownSize)
        {
            channel.Warning("By-slot imputation can not be done on variable-length column");
            bySlot = false;
        }
        var getter = row.GetGetter<VBuffer<T>>(source);
        var slotStatistics = new ReplacementStatistics<T>(mode, bySlot ? vector.Size : 1, bySlot);
        VBuffer<T> buffer = default;
        return (() =>
        {
            getter(ref buffer);
            slotStatistics.Add(in buffer);
        }, () => new Replacement<T>(bySlot ? vector : itemType, slotStatistics.Finish(channel)));
    }
}

/// <param name="type">A vector where each slot has a value of its own.</param>
internal sealed class Replacement<T>(DataViewType type, T[] values) : Replacement
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly bool _bySlot = type is VectorDataViewType;

    public static Replacement<T> Load(DataViewType type, BinaryReader reader) =>
        new(type, [.. DataViewTypeCodec.ReadVBuffer<T>(reader).DenseValues()]);

    public override void Save(BinaryWriter writer)
    {
        DataViewTypeCodec.WriteType(writer, type);
        DataViewTypeCodec.WriteVBuffer(writer, new VBuffer<T>(values.Length, values));
    }

    public override void CheckFits(DataViewSchema.Column source) => Contracts.CheckParam(
        source.Type.GetItemType().Equals(type.GetItemType()) && (!_bySlot || source.Type.GetVectorSize() == values.Length),
        "inputSchema", $"Column '{source.Name}' of type '{source.Type}' does not match the expected type '{type}'");

    public override Delegate MakeGetter(DataViewRow input, DataViewSchema.Column source) =>
        source.Type is VectorDataViewType ? VectorGetter(input, source) : ScalarGetter(input, source);

    private ValueGetter<T> ScalarGetter(DataViewRow input, DataViewSchema.Column source)
    {
        var (getter, replacement) = (input.GetGetter<T>(source), values[0]);
        return (ref T value) =>
        {
            getter(ref value);
            if (T.IsNaN(value))
                value = replacement;
        };
    }

    private ValueGetter<VBuffer<T>> VectorGetter(DataViewRow input, DataViewSchema.Column source)
    {
        var getter = input.GetGetter<VBuffer<T>>(source);
        VBuffer<T> row = default;
        return (ref VBuffer<T> destination) =>
        {
            getter(ref row);
            if (_bySlot && row.Length != values.Length)
                throw Contracts.Except($"Column '{source.Name}': expected {values.Length} slots, but got {row.Length}");
            destination = Fill(ref destination, in row);
        };
    }

    private VBuffer<T> Fill(ref VBuffer<T> destination, in VBuffer<T> row)
    {
        var source = row.GetValues();
        var indices = row.GetIndices();
        var count = 0;
        var editor = VBufferEditor.Create(ref destination, row.Length, source.Length);
        for (var i = 0; i < source.Length; i++)
        {
            var (slot, value) = (row.IsDense ? i : indices[i], source[i]);
            if (T.IsNaN(value))
            {
                value = values[_bySlot ? slot : 0];
                // A sparse vector leaves zeros out.
                if (!row.IsDense && T.IsZero(value))
                    continue;
            }
            if (!row.IsDense)
                editor.Indices[count] = slot;
            editor.Values[count++] = value;
        }
        return editor.CommitTruncated(count);
    }
}
