namespace Microsoft.ML.Data;

/// <summary>Getters of columns over the members of the current object.</summary>
internal static class TypedRowWriter<TRow> where TRow : class
{
    public static Delegate CreateGetter(InternalSchemaDefinition.Column column, Func<TRow> current)
    {
        var member = column.Member;
        if (member.Type == typeof(string))
            return TextGetter(member, current);
        if (member.Type == typeof(string[]))
            return TextsGetter(member, current);
        if (column.ColumnType is KeyDataViewType key)
            return KeyGetter(member, key.Count, current);
        return member switch
        {
            { Type.IsArray: true } => TypedCall.Of<Delegate>(ArrayGetter<int>, [member.ItemType], member, current),
            { IsVector: true } => TypedCall.Of<Delegate>(VectorGetter<int>, [member.ItemType], member, current),
            _ => TypedCall.Of<Delegate>(ScalarGetter<int>, [member.ItemType], member, current),
        };
    }

    private static Delegate ScalarGetter<T>(TypedMember member, Func<TRow> current)
    {
        var get = member.Getter<TRow, T>();
        return (ValueGetter<T>)((ref T dst) => dst = get(current()));
    }

    private static Delegate TextGetter(TypedMember member, Func<TRow> current)
    {
        var get = member.Getter<TRow, string?>();
        return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> dst) => dst = get(current()).AsMemory());
    }

    // A class holds the zero-based value of a key, a view the one-based with 0 for missing.
    private static Delegate KeyGetter(TypedMember member, ulong count, Func<TRow> current)
    {
        if (member.ItemType == typeof(byte))
        {
            var get = member.Getter<TRow, byte>();
            return (ValueGetter<byte>)((ref byte dst) => dst = get(current()) is var v && v < count ? (byte)(v + 1) : (byte)0);
        }
        if (member.ItemType == typeof(ushort))
        {
            var get = member.Getter<TRow, ushort>();
            return (ValueGetter<ushort>)((ref ushort dst) => dst = get(current()) is var v && v < count ? (ushort)(v + 1) : (ushort)0);
        }
        if (member.ItemType == typeof(uint))
        {
            var get = member.Getter<TRow, uint>();
            return (ValueGetter<uint>)((ref uint dst) => dst = get(current()) is var v && v < count ? v + 1 : 0);
        }
        var getLong = member.Getter<TRow, ulong>();
        return (ValueGetter<ulong>)((ref ulong dst) => dst = getLong(current()) is var v && v < count ? v + 1 : 0);
    }

    private static Delegate ArrayGetter<T>(TypedMember member, Func<TRow> current)
    {
        var get = member.Getter<TRow, T[]?>();
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> dst) =>
        {
            var values = get(current()) ?? [];
            VBuffer<T>.Copy(values, 0, ref dst, values.Length);
        });
    }

    private static Delegate TextsGetter(TypedMember member, Func<TRow> current)
    {
        var get = member.Getter<TRow, string?[]?>();
        return (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> dst) =>
        {
            var values = get(current()) ?? [];
            var editor = VBufferEditor.Create(ref dst, values.Length);
            for (var i = 0; i < values.Length; i++)
                editor.Values[i] = values[i].AsMemory();
            dst = editor.Commit();
        });
    }

    private static Delegate VectorGetter<T>(TypedMember member, Func<TRow> current)
    {
        var get = member.Getter<TRow, VBuffer<T>>();
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> dst) => get(current()).CopyTo(ref dst));
    }
}
