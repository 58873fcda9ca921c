namespace Endurance;

/// <summary>The folder for temporary files of this process alone, so that none is another's. Gone when disposed.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("endurance").FullName;

    public TemporaryFolder()
    {
        foreach (var name in new[] { "TMPDIR", "TMP", "TEMP" })
            Environment.SetEnvironmentVariable(name, _path);
    }

    public int Files => Directory.GetFiles(_path, "*", SearchOption.AllDirectories).Length;

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
