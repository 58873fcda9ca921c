using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

public sealed class OnnxTransformer : RowToRowTransformerBase, IDisposable
{
    internal const string LoaderSignature = "OnnxTransform";
    private const string ModelEntry = "OnnxModel";

    internal OnnxTransformer(IHost host, string[] outputColumnNames, string[] inputColumnNames, OnnxModelSource source, OnnxDevice device)
        : base(host)
    {
        foreach (var name in outputColumnNames.Concat(inputColumnNames))
            Contracts.CheckParam(!string.IsNullOrWhiteSpace(name), nameof(name), "The name of a column is blank.");
        Model = new OnnxModel(source, device);
        Inputs = inputColumnNames.Length > 0 ? inputColumnNames : [.. Model.Inputs.Select(input => input.Name)];
        Outputs = outputColumnNames.Length > 0 ? outputColumnNames : [.. Model.Outputs.Select(output => output.Name)];
        foreach (var name in Outputs)
            Model.Output(name);
    }

    internal OnnxModel Model { get; }

    internal string[] Inputs { get; }

    internal string[] Outputs { get; }

    internal static OnnxTransformer Load(IHostEnvironment env, ModelLoadContext ctx)
    {
        byte[]? bytes = null;
        ctx.TryLoadBinaryStream(ModelEntry, reader => bytes = reader.ReadBytes(reader.ReadInt32()));
        Contracts.CheckDecode(bytes is not null, $"The model lacks the entry '{ModelEntry}'.");
        var (inputs, outputs) = (ReadNames(ctx), ReadNames(ctx));
        return new(env.Register(nameof(OnnxTransformer)), outputs, inputs, new OnnxModelSource(bytes, null), OnnxDevice.Choose(env));
    }

    public void Dispose() => Model.Dispose();

    internal override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new OnnxRowMapper(this, inputSchema);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(LoaderSignature);
        ctx.SaveBinaryStream(ModelEntry, writer =>
        {
            writer.Write(Model.Bytes.Length);
            writer.Write(Model.Bytes);
        });
        WriteNames(ctx, Inputs);
        WriteNames(ctx, Outputs);
    }

    private static void WriteNames(ModelSaveContext ctx, string[] names)
    {
        ctx.Writer.Write(names.Length);
        foreach (var name in names)
            ctx.SaveNonEmptyString(name);
    }

    private static string[] ReadNames(ModelLoadContext ctx)
    {
        var names = new string[ctx.Reader.ReadInt32()];
        for (var i = 0; i < names.Length; i++)
            names[i] = ctx.LoadNonEmptyString();
        return names;
    }
}
