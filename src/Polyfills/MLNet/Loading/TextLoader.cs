using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed partial class TextLoader : IDataLoader<IMultiStreamSource>
{
    private readonly IHost _host;
    private readonly TextFormat _format;
    private readonly TextBinding _binding;

    /// <param name="dataSample">The files that open ranges and slot names are taken from, where there are any.</param>
    internal TextLoader(IHostEnvironment env, Options? options, IMultiStreamSource? dataSample)
    {
        options ??= new();
        Contracts.CheckParam(options.MaxRows is null or >= 0, nameof(options.MaxRows), "Cannot be negative.");
        _host = env.Register(nameof(TextLoader));
        _format = new TextFormat(options);
        _binding = TextBinding.Bind(options.Columns, _format, dataSample ?? new MultiFileSource());
    }

    public DataViewSchema GetOutputSchema() => _binding.Schema;

    public IDataView Load(IMultiStreamSource source)
    {
        Contracts.CheckValue(source, nameof(source));
        return new TextDataView(_host, source, _format, _binding);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        throw new NotSupportedException("This polyfill of ML.NET saves models without their loaders.");
}
