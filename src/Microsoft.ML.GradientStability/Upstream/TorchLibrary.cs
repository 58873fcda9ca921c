using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.Win32.SafeHandles;
using TorchSharp;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// TorchSharp's native library, also on Linux systems whose C++ runtime is older than the one it was built with.
/// </summary>
/// <remarks>
/// <c>libLibTorchSharp.so</c> of TorchSharp 0.107.0 needs the symbol version GLIBCXX_3.4.32 (GCC 13.2), which Debian 12 and Ubuntu 22.04 do
/// not have, for a symbol that nothing uses. Where the usual load failed, a copy that does without the version is loaded from memory; the
/// file stays as it is. Pinned by <c>TorchLibraryTests</c>: this class can go when the library no longer names that version.
/// </remarks>
internal static partial class TorchLibrary
{
    internal const string NewerRuntime = "GLIBCXX_3.4.32";
    private const string Bindings = "libLibTorchSharp.so";

    /// <summary>What the bindings need, in the order in which they need each other.</summary>
    private static readonly string[] Dependencies = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    private static readonly Lock Gate = new();
    private static nint _handle;
    private static string? _failure;

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp loads its library in a static constructor, once: the handler has to stand before.")]
    internal static void Initialize()
    {
        if (!OperatingSystem.IsLinux())
            return;
        WaitingThreads.Sleep();
        AssemblyLoadContext.GetLoadContext(typeof(torch).Assembly)!.ResolvingUnmanagedDll += Resolve;
    }

    /// <summary>Loads LibTorch, or says what is really missing: TorchSharp itself names its package whatever the reason is.</summary>
    /// <exception cref="NotSupportedException">LibTorch cannot be loaded; the message says why and what to do.</exception>
    public static void Require()
    {
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception e) when (e is TypeInitializationException or NotSupportedException or DllNotFoundException or EntryPointNotFoundException)
        {
            throw new NotSupportedException(_failure ?? Missing(), e);
        }
    }

    /// <summary>Called by .NET only after the library was not found or could not be loaded in the usual way.</summary>
    private static nint Resolve(Assembly assembly, string name)
    {
        if (name is not ("LibTorchSharp" or "libLibTorchSharp" or Bindings))
            return 0;
        lock (Gate)
            return _handle != 0 ? _handle : _handle = Load(Folders(assembly));
    }

    private static nint Load(string[] folders)
    {
        if (Find(folders, Bindings) is not { } bindings || Dependencies.Any(name => Find(folders, name) is null))
            return 0;
        try
        {
            foreach (var name in Dependencies)
                NativeLibrary.Load(Find(folders, name)!);
            var bytes = File.ReadAllBytes(bindings);
            if (!VersionNeeds.MarkWeak(bytes, NewerRuntime))
            {
                NativeLibrary.Load(bindings); // fails as it did, and says why
                return 0;
            }
            return LoadFromMemory(bytes);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            _failure = $"TorchSharp's native library is there but cannot be loaded: {e.Message.Trim()} "
                + "Where that names GLIBCXX or CXXABI, the C++ runtime of this system (libstdc++) is too old: run on Debian 13, Ubuntu 24.04, a .NET 10 container image, or a later one.";
            return 0;
        }
    }

    /// <summary>A file that has no name and lives as long as the process: nobody else can write to it, and no folder has to allow execution.</summary>
    private static nint LoadFromMemory(byte[] library)
    {
        using var file = new SafeFileHandle(CreateMemoryFile(Bindings, CloseOnExec), ownsHandle: true);
        if (file.IsInvalid)
            throw new IOException($"No file in memory can be made for a copy without {NewerRuntime} (memfd_create, error {Marshal.GetLastPInvokeError()}).");
        RandomAccess.Write(file, library, 0);
        return NativeLibrary.Load($"/proc/self/fd/{file.DangerousGetHandle()}");
    }

    private static string[] Folders(Assembly assembly)
    {
        var beside = Path.GetDirectoryName(assembly.Location) is { Length: > 0 } folder ? folder : AppContext.BaseDirectory;
        var searched = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return [.. searched, beside, Path.Combine(beside, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"), AppContext.BaseDirectory, .. OfPackages(beside)];
    }

    /// <summary>Where packages are not copied, as in a notebook that takes them by <c>#r "nuget: …"</c>: those of TorchSharp and of LibTorch.</summary>
    /// <param name="beside"><c>torchsharp/version/lib/framework</c> below the folder of packages; elsewhere there are none.</param>
    private static IEnumerable<string> OfPackages(string beside)
    {
        var package = Path.GetFullPath(Path.Combine(beside, "..", ".."));
        var libtorch = Path.GetFullPath(Path.Combine(package, "..", "..", $"libtorch-cpu-{RuntimeInformation.RuntimeIdentifier}"));
        return new[] { package }.Concat(Directory.Exists(libtorch) ? Directory.GetDirectories(libtorch) : [])
            .Select(version => Path.Combine(version, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"));
    }

    private static string? Find(string[] folders, string name) => folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string Missing() =>
        $"LibTorch is not there, or not for {RuntimeInformation.RuntimeIdentifier}. Add the package TorchSharp-cpu (or TorchSharp-cuda-windows, TorchSharp-cuda-linux) in the "
        + $"version of TorchSharp, {typeof(torch).Assembly.GetName().Version?.ToString(3)}, to the program that trains; it supports Windows and Linux on x64 and macOS on Arm.";

    private const uint CloseOnExec = 1;

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemoryFile(string name, uint flags);
}
