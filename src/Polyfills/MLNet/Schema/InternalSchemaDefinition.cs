using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The columns of a row class, each with the member that holds it.</summary>
internal sealed class InternalSchemaDefinition
{
    private InternalSchemaDefinition(Column[] columns) => Columns = columns;

    public Column[] Columns { get; }

    public static InternalSchemaDefinition Create(Type userType, SchemaDefinition? definition, SchemaDefinition.Direction direction) =>
        new([.. (definition ?? SchemaDefinition.Create(userType, direction)).Select(column => Bind(userType, column))]);

    public DataViewSchema ToSchema() => Columns.Select(c => c.ToDetached()).ToSchema();

    private static Column Bind(Type userType, SchemaDefinition.Column column)
    {
        const string Definition = "userSchemaDefinition";
        var member = TypedMember.Find(userType, column.MemberName) ?? throw Contracts.ExceptParam(Definition,
            $"No field or property with name '{column.MemberName}' found in type '{userType.FullName}'");
        var name = string.IsNullOrEmpty(column.ColumnName) ? member.Name : column.ColumnName;
        var itemType = DataViewTypeExtensions.PrimitiveTypeFromType(member.ItemType);
        var type = column.ColumnType ?? (member.IsVector ? new VectorDataViewType(itemType) : itemType);
        Contracts.CheckParam(member.IsVector == type is VectorDataViewType, Definition,
            $"Column '{name}' is supposed to be {(member.IsVector ? "scalar" : "vector")}, but type of associated field '{member.Name}' is " +
            $"{(member.IsVector ? "vector" : "scalar")}");
        Contracts.CheckParam(type.GetItemType().RawType == member.ItemType, Definition,
            $"Column '{name}' is supposed to have item type {type.GetItemType().RawType}, but associated field has type {member.ItemType}");
        return new Column(name, type, member, column.Annotations);
    }

    internal sealed record Column(string ColumnName, DataViewType ColumnType, TypedMember Member, DataViewSchema.Annotations Annotations)
    {
        public DataViewSchema.DetachedColumn ToDetached() => new(ColumnName, ColumnType, Annotations);
    }
}
