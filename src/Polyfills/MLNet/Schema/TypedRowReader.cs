using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Fills objects of a class from the row where it stands.</summary>
internal sealed class TypedRowReader<TRow> where TRow : class
{
    private readonly Action<TRow>[] _setters;

    public TypedRowReader(DataViewRow row, InternalSchemaDefinition definition, bool ignoreMissingColumns) =>
        _setters = [.. Bind(row.Schema, definition, ignoreMissingColumns).Select(bound => MakeSetter(row, bound.Source, bound.Target))];

    /// <summary>The columns that the class takes from the schema; throws where one is missing or of another type.</summary>
    public static DataViewSchema.Column[] Dependencies(DataViewSchema schema, InternalSchemaDefinition definition, bool ignoreMissingColumns) =>
        [.. Bind(schema, definition, ignoreMissingColumns).Select(bound => bound.Source)];

    public void Fill(TRow target)
    {
        foreach (var setter in _setters)
            setter(target);
    }

    private static IEnumerable<(DataViewSchema.Column Source, InternalSchemaDefinition.Column Target)> Bind(
        DataViewSchema schema, InternalSchemaDefinition definition, bool ignoreMissingColumns)
    {
        foreach (var target in definition.Columns)
        {
            if (!schema.TryGetColumn(target.ColumnName, out var source))
            {
                if (ignoreMissingColumns)
                    continue;
                throw Contracts.ExceptSchemaMismatch("Schema", "", target.ColumnName);
            }
            var member = target.Member;
            Contracts.Check(source.Type is VectorDataViewType == member.IsVector && source.Type.GetItemType().RawType == member.ItemType,
                $"Can't bind the IDataView column '{target.ColumnName}' of type '{source.Type}' to field or property '{member.Name}' " +
                $"of type '{member.Type.FullName}'.");
            yield return (source, target);
        }
    }

    private static Action<TRow> MakeSetter(DataViewRow row, DataViewSchema.Column source, InternalSchemaDefinition.Column target)
    {
        var member = target.Member;
        if (member.Type == typeof(string))
            return TextSetter(row, source, member);
        if (member.Type == typeof(string[]))
            return ArraySetter<ReadOnlyMemory<char>, string>(row, source, member);
        return member switch
        {
            { Type.IsArray: true } => TypedCall.Of<Action<TRow>>(ArraySetter<int, int>, [member.ItemType, member.ItemType], row, source, member),
            { IsVector: true } => TypedCall.Of<Action<TRow>>(VectorSetter<int>, [member.ItemType], row, source, member),
            _ => TypedCall.Of<Action<TRow>>(ScalarSetter<int>, [member.ItemType], row, source, member),
        };
    }

    private static Action<TRow> ScalarSetter<T>(DataViewRow row, DataViewSchema.Column source, TypedMember member)
    {
        var (getter, set) = (row.GetGetter<T>(source), member.Setter<TRow, T>());
        T value = default!;
        return target =>
        {
            getter(ref value);
            set(target, value);
        };
    }

    private static Action<TRow> TextSetter(DataViewRow row, DataViewSchema.Column source, TypedMember member)
    {
        var (getter, set) = (row.GetGetter<ReadOnlyMemory<char>>(source), member.Setter<TRow, string>());
        ReadOnlyMemory<char> value = default;
        return target =>
        {
            getter(ref value);
            set(target, value.ToString());
        };
    }

    // The target's own vector is the buffer, so that a reused object allocates nothing.
    private static Action<TRow> VectorSetter<T>(DataViewRow row, DataViewSchema.Column source, TypedMember member)
    {
        var (getter, get, set) = (row.GetGetter<VBuffer<T>>(source), member.Getter<TRow, VBuffer<T>>(), member.Setter<TRow, VBuffer<T>>());
        return target =>
        {
            var value = get(target);
            getter(ref value);
            set(target, value);
        };
    }

    private static Action<TRow> ArraySetter<TSource, T>(DataViewRow row, DataViewSchema.Column source, TypedMember member)
    {
        var (getter, get, set) = (row.GetGetter<VBuffer<TSource>>(source), member.Getter<TRow, T[]?>(), member.Setter<TRow, T[]>());
        VBuffer<TSource> value = default;
        return target =>
        {
            getter(ref value);
            var array = get(target);
            if ((array?.Length ?? 0) != value.Length)
                array = new T[value.Length];
            if (array is null)
                return;
            if (array is TSource[] same)
                value.CopyTo(same);
            else
                foreach (var (slot, item) in value.Items(all: true))
                    array[slot] = (T)(object)item!.ToString()!;
            set(target, array);
        };
    }
}
