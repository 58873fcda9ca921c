using System.Linq.Expressions;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A public field or property of a row class that holds a column's value.</summary>
internal sealed class TypedMember
{
    private TypedMember(MemberInfo info)
    {
        Info = info;
        Type = info is FieldInfo field ? field.FieldType : ((PropertyInfo)info).PropertyType;
        (IsVector, ItemType) = Describe(Type, info.Name);
    }

    public MemberInfo Info { get; }

    public string Name => Info.Name;

    public Type Type { get; }

    public bool IsVector { get; }

    /// <summary>The raw type of a value, or of a slot of a vector.</summary>
    public Type ItemType { get; }

    public static IEnumerable<TypedMember> Of(Type userType, SchemaDefinition.Direction direction, bool ignoresNoColumn = false)
    {
        var fields = userType.GetFields(BindingFlags.Public | BindingFlags.Instance);
        var properties = userType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0
                && (direction.HasFlag(SchemaDefinition.Direction.Read) && p.GetMethod is { IsPublic: true }
                    || direction.HasFlag(SchemaDefinition.Direction.Write) && p.SetMethod is { IsPublic: true }));
        return fields.Concat<MemberInfo>(properties)
            .Where(m => ignoresNoColumn || m.GetCustomAttribute<NoColumnAttribute>() is null)
            .Select(m => new TypedMember(m));
    }

    public static TypedMember? Find(Type userType, string name)
    {
        MemberInfo? info = userType.GetField(name);
        info ??= userType.GetProperty(name);
        return info is null ? null : new TypedMember(info);
    }

    /// <summary>Arrays and vectors of a known item type are vectors; strings are text.</summary>
    public static (bool IsVector, Type ItemType) Describe(Type type, string name)
    {
        var isVector = type.IsArray || type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>);
        var item = type.IsArray ? type.GetElementType()! : isVector ? type.GetGenericArguments()[0] : type;
        Contracts.CheckParam(DataViewTypeExtensions.TryGetPrimitiveType(item, out var itemType), "rawType",
            $"Could not determine an IDataView type and registered custom types for member {name}");
        return (isVector, itemType.RawType);
    }

    public Func<TRow, TValue> Getter<TRow, TValue>()
    {
        var row = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, TValue>>(Expression.MakeMemberAccess(row, Info), row).Compile();
    }

    public Action<TRow, TValue> Setter<TRow, TValue>()
    {
        var (row, value) = (Expression.Parameter(typeof(TRow)), Expression.Parameter(typeof(TValue)));
        return Expression.Lambda<Action<TRow, TValue>>(Expression.Assign(Expression.MakeMemberAccess(row, Info), value), row, value).Compile();
    }
}
