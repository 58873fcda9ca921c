using System.Linq.Expressions;
using System.Reflection;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>Copies rows of a type into a buffer: each input from the public property or field of its name.</summary>
/// <typeparam name="TRow">One value: a member of the input's own type. Several: an array or <see cref="ReadOnlyMemory{T}"/> of it.</typeparam>
internal sealed class TypedRows<TRow>
{
    private readonly Action<RowBuffer, int, TRow>[] _columns;

    /// <exception cref="ArgumentException">The type lacks an input, or has another type for it.</exception>
    public TypedRows(ModelSchema schema) => _columns = [.. schema.Inputs.Select(Column)];

    public void Copy(TRow row, RowBuffer rows, int index)
    {
        foreach (var copy in _columns)
            copy(rows, index, row);
    }

    private static Action<RowBuffer, int, TRow> Column(ModelColumn input)
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;
        MemberInfo? member = typeof(TRow).GetProperty(input.Name, Public);
        member ??= typeof(TRow).GetField(input.Name, Public);
        if (member is null)
            throw new ArgumentException($"{typeof(TRow).Name} has no public property or field '{input.Name}', which the model takes as {input}.");
        var copy = typeof(TypedRows<TRow>).GetMethod(input.Type == ColumnType.Text ? nameof(TextColumn) : nameof(NumberColumn), BindingFlags.NonPublic | BindingFlags.Static)!;
        if (input.Type != ColumnType.Text)
            copy = copy.MakeGenericMethod(input.Type.Clr());
        return (Action<RowBuffer, int, TRow>)copy.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [input, member], null)!;
    }

    private static Action<RowBuffer, int, TRow> NumberColumn<T>(ModelColumn input, MemberInfo member) where T : unmanaged
    {
        if (input.Width == 1 && Getter<T>(member) is { } one)
            return (rows, index, row) => rows.Values<T>(index, input.Name)[0] = one(row);
        var many = Many<T>(input, member);
        return (rows, index, row) => Checked(input, many(row)).CopyTo(rows.Values<T>(index, input.Name));
    }

    private static Action<RowBuffer, int, TRow> TextColumn(ModelColumn input, MemberInfo member)
    {
        if (input.Width == 1 && Getter<string?>(member) is { } one)
            return (rows, index, row) => rows.Texts(index, input.Name)[0] = one(row);
        var many = Many<string?>(input, member);
        return (rows, index, row) => Checked(input, many(row)).CopyTo(rows.Texts(index, input.Name));
    }

    private static Func<TRow, ReadOnlyMemory<T>> Many<T>(ModelColumn input, MemberInfo member)
    {
        if (Getter<T[]>(member) is { } array)
            return row => array(row);
        return Getter<ReadOnlyMemory<T>>(member) ?? throw new ArgumentException(
            $"{typeof(TRow).Name}.{input.Name} is {TypeOf(member).Name}, and the model takes {input}: make it {typeof(T).Name}{(input.Width > 1 ? "[]" : "")}.");
    }

    private static Func<TRow, T>? Getter<T>(MemberInfo member)
    {
        if (TypeOf(member) != typeof(T))
            return null;
        var row = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, T>>(Expression.MakeMemberAccess(row, member), row).Compile();
    }

    private static Type TypeOf(MemberInfo member) => member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;

    private static ReadOnlySpan<T> Checked<T>(ModelColumn input, ReadOnlyMemory<T> values) => values.Length == input.Width
        ? values.Span
        : throw new ArgumentException($"{typeof(TRow).Name}.{input.Name} holds {values.Length} values, and the model takes {input}.");
}
