using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability;

/// <summary>A model as it is written: one file, or one and another of its constants.</summary>
/// <param name="Model">The file of the model.</param>
/// <param name="External">The constants beside it; <see langword="null"/> where they are in it.</param>
internal sealed record OnnxPieces(byte[] Model, ExternalData? External)
{
    /// <summary>Bytes in all.</summary>
    public long Length => Model.Length + (External?.Length ?? 0);

    /// <summary>A session of it, and the folder that it needs as long, if any.</summary>
    public (InferenceSession Session, IDisposable? Folder) Open(SessionOptions options)
    {
        if (External is null)
            return (new InferenceSession(Model, options), null);
        var folder = new PrivateFolder();
        try
        {
            var path = Path.Combine(folder.Path, "model.onnx");
            File.WriteAllBytes(path, Model);
            using (var data = File.Create(Path.Combine(folder.Path, External.Name)))
                External.WriteTo(data);
            return (new InferenceSession(path, options), folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Writes the constants first: a model is there only with them.</summary>
    /// <exception cref="IOException">The path cannot be written.</exception>
    public void Write(string path)
    {
        if (External is not null)
            AtomicFile.Write(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, External.Name), External.WriteTo);
        AtomicFile.Write(path, Model);
    }
}
