using System.Runtime.InteropServices;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// LibTorch's threads on Linux are those of GNU's OpenMP, which spin for milliseconds before they sleep. On cores that other programs keep busy, two then
/// took six to nine times as long as one (convolutions of 64 channels); sleeping at once, a fifth more. OpenMP reads how to wait when it is loaded, once,
/// from the environment of the process, so that is said before; what the host has said there stands.
/// </summary>
internal static partial class WaitingThreads
{
    /// <summary>Makes them sleep. For .NET and the programs that it starts the environment stays as it is.</summary>
    public static void Sleep() => SetVariable("OMP_WAIT_POLICY", "passive", overwrite: 0);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
