using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public static class TextLoaderSaverCatalog
{
    public static TextLoader CreateTextLoader(this DataOperationsCatalog catalog, TextLoader.Column[] columns,
        char separatorChar = '\t', bool hasHeader = false, IMultiStreamSource? dataSample = null, bool allowQuoting = false,
        bool trimWhitespace = false, bool allowSparse = false) =>
        new(catalog.Environment, OptionsOf(columns, separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse), dataSample);

    public static TextLoader CreateTextLoader(this DataOperationsCatalog catalog, TextLoader.Options options,
        IMultiStreamSource? dataSample = null) => new(catalog.Environment, options, dataSample);

    public static TextLoader CreateTextLoader<TInput>(this DataOperationsCatalog catalog, char separatorChar = '\t', bool hasHeader = false,
        IMultiStreamSource? dataSample = null, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false) =>
        catalog.CreateTextLoader(ColumnsOf(typeof(TInput)), separatorChar, hasHeader, dataSample, allowQuoting, trimWhitespace, allowSparse);

    public static TextLoader CreateTextLoader<TInput>(this DataOperationsCatalog catalog, TextLoader.Options options,
        IMultiStreamSource? dataSample = null)
    {
        options.Columns = ColumnsOf(typeof(TInput));
        return catalog.CreateTextLoader(options, dataSample);
    }

    public static IDataView LoadFromTextFile(this DataOperationsCatalog catalog, string path, TextLoader.Column[] columns,
        char separatorChar = '\t', bool hasHeader = false, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
    {
        var files = FilesOf(path);
        return catalog.CreateTextLoader(columns, separatorChar, hasHeader, null, allowQuoting, trimWhitespace, allowSparse).Load(files);
    }

    public static IDataView LoadFromTextFile(this DataOperationsCatalog catalog, string path, TextLoader.Options? options = null)
    {
        var files = FilesOf(path);
        return new TextLoader(catalog.Environment, options, dataSample: files).Load(files);
    }

    public static IDataView LoadFromTextFile<TInput>(this DataOperationsCatalog catalog, string path, char separatorChar = '\t',
        bool hasHeader = false, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
    {
        var files = FilesOf(path);
        return catalog.CreateTextLoader<TInput>(separatorChar, hasHeader, null, allowQuoting, trimWhitespace, allowSparse).Load(files);
    }

    public static IDataView LoadFromTextFile<TInput>(this DataOperationsCatalog catalog, string path, TextLoader.Options options)
    {
        var files = FilesOf(path);
        return catalog.CreateTextLoader<TInput>(options).Load(files);
    }

    private static MultiFileSource FilesOf(string path)
    {
        Contracts.CheckNonEmpty(path, nameof(path));
        Contracts.CheckParam(File.Exists(path) || MultiFileSource.Expand(path).Any(), nameof(path),
            $"File or directory does not exist at path: {path}");
        return new(path);
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
