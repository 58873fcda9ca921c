namespace Microsoft.ML.GradientStability;

/// <summary>
/// A temporary folder that its user alone can enter, for the files that ML.NET writes while it makes and saves an ONNX transformer; it
/// leaves some of them behind. Deleted with all that is in it.
/// </summary>
internal sealed class PrivateFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("Microsoft.ML.GradientStability.");

    public PrivateFolder() => Context = new MLContext { TempFilePath = _folder.FullName };

    public string Path => _folder.FullName;

    /// <summary>A context whose temporary files lie in the folder.</summary>
    public MLContext Context { get; }

    public void Dispose() => _folder.Delete(recursive: true);
}
