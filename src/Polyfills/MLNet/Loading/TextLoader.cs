using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    private TextLoader()
    {
    }

    internal static IDataView Load(IHostEnvironment env, string path, Options options, bool readsSample)
    {
        Contracts.CheckNonEmpty(path, nameof(path));
        Contracts.CheckParam(File.Exists(path), nameof(path), $"File or directory does not exist at path: {path}");
        Contracts.CheckParam(options.MaxRows is null or >= 0, nameof(options.MaxRows), "Cannot be negative.");
        var format = new TextFormat(options);
        var binding = TextBinding.Bind(options.Columns, format, readsSample ? path : null);
        return new TextDataView(env.Register(nameof(TextLoader)), path, format, binding);
    }
}
