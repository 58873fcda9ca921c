namespace Microsoft.ML.GradientStability.Serving.Tests;

/// <summary>A folder of its own for a test's models, gone when disposed.</summary>
internal sealed class ModelFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("serving").FullName;

    public string this[string name] => Path.Combine(_path, name);

    public string Write(OnnxFile model, string name = "model.onnx") => Write(model.ToBytes(), name);

    public string Write(byte[] bytes, string name = "model.onnx")
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    /// <summary>As a careful deployment does it: beside its place first, then renamed into it.</summary>
    public void Replace(OnnxFile model, string name = "model.onnx") => File.Move(Write(model, $"{name}.new"), this[name], overwrite: true);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
