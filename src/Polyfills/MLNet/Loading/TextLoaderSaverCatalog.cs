using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public static class TextLoaderSaverCatalog
{
    public static IDataView LoadFromTextFile(this DataOperationsCatalog catalog, string path, TextLoader.Column[] columns,
        char separatorChar = '\t', bool hasHeader = false, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false) =>
        TextLoader.Load(catalog.Environment, path,
            OptionsOf(columns, separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse), readsSample: false);

    public static IDataView LoadFromTextFile(this DataOperationsCatalog catalog, string path, TextLoader.Options? options = null) =>
        TextLoader.Load(catalog.Environment, path, options ?? new TextLoader.Options(), readsSample: true);

    public static IDataView LoadFromTextFile<TInput>(this DataOperationsCatalog catalog, string path, char separatorChar = '\t',
        bool hasHeader = false, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false) =>
        catalog.LoadFromTextFile(path, ColumnsOf(typeof(TInput)), separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse);

    public static IDataView LoadFromTextFile<TInput>(this DataOperationsCatalog catalog, string path, TextLoader.Options options)
    {
        options.Columns = ColumnsOf(typeof(TInput));
        return TextLoader.Load(catalog.Environment, path, options, readsSample: false);
    }

    private static TextLoader.Options OptionsOf(TextLoader.Column[] columns, char separatorChar, bool hasHeader, bool allowQuoting,
        bool trimWhitespace, bool allowSparse)
    {
        if (allowSparse)
            throw new NotSupportedException("This polyfill of ML.NET reads dense text files only.");
        return new()
        {
            Columns = columns,
            Separators = [separatorChar],
            HasHeader = hasHeader,
            AllowQuoting = allowQuoting,
            TrimWhitespace = trimWhitespace,
        };
    }

    private static TextLoader.Column[] ColumnsOf(Type type)
    {
        var columns = TypedMember.Of(type, SchemaDefinition.Direction.Read, ignoresNoColumn: true).Select(ColumnOf).ToArray();
        Contracts.CheckParam(columns.Length > 0, "TInput", "Should define at least one public, readable field or property in TInput.");
        return columns;
    }

    private static TextLoader.Column ColumnOf(TypedMember member)
    {
        var load = member.Info.GetCustomAttribute<LoadColumnAttribute>() ?? throw Contracts.Except(
            $"{(member.Info is FieldInfo ? "Field" : "Property")} '{member.Name}' is missing the {nameof(LoadColumnAttribute)} attribute");
        var name = member.Info.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
        var kind = Enum.GetValues<DataKind>().First(k => k.ToDataViewType().RawType == member.ItemType);
        return new(name, kind, load.Sources, member.Info.GetCustomAttribute<KeyTypeAttribute>()?.KeyCount);
    }
}
