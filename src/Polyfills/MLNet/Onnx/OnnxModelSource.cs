using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>The bytes of a model, and the file they are from where its weights may stand beside it.</summary>
internal sealed record OnnxModelSource(byte[] Bytes, string? File)
{
    public static OnnxModelSource OfFile(string modelFile)
    {
        Contracts.CheckNonEmpty(modelFile, nameof(modelFile));
        return System.IO.File.Exists(modelFile)
            ? new(System.IO.File.ReadAllBytes(modelFile), modelFile)
            : throw new IOException($"Model file {modelFile} does not exist.");
    }

    public static OnnxModelSource OfStream(Stream modelBytes)
    {
        Contracts.CheckValue(modelBytes, nameof(modelBytes));
        modelBytes.Seek(0, SeekOrigin.Begin);
        using var copy = new MemoryStream();
        modelBytes.CopyTo(copy);
        return new(copy.ToArray(), null);
    }

    public InferenceSession Open(SessionOptions options) => File is null ? new(Bytes, options) : new(File, options);
}
