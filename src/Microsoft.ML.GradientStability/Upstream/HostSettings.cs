using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What an ML.NET environment keeps for its own trainers: whether it was cancelled, and which device it asks for. Where a later ML.NET
/// renames these members, or an environment is not ML.NET's, nothing is cancelled and nothing asked for; pinned by <c>HostSettingsTests</c>.
/// </summary>
internal static class HostSettings
{
    private const string Internal = "Microsoft.ML.Runtime.IHostEnvironmentInternal, Microsoft.ML.Core";

    /// <summary>Asks whether the context that a host belongs to was cancelled.</summary>
    public static Func<bool> Cancelled(IHost host) => Read(() => GetIsCanceled(host)) is null ? () => false : () => GetIsCanceled(host);

    /// <summary>The GPU that is asked for; <see langword="null"/> for none.</summary>
    public static int? GpuDeviceId(IHostEnvironment environment) => Read(() => GetGpuDeviceId(environment) ?? -1) is { } id and >= 0 ? id : null;

    /// <summary>Whether the CPU may take its place.</summary>
    public static bool FallbackToCpu(IHostEnvironment environment) => Read(() => GetFallbackToCpu(environment)) ?? true;

    /// <summary>The folder for temporary files; <see langword="null"/> where it is not known.</summary>
    public static string? TempFilePath(IHostEnvironment environment)
    {
        string? path = null;
        return Read(() => (path = GetTempFilePath(environment)) is not null) is null ? null : path;
    }

    private static T? Read<T>(Func<T> get) where T : struct
    {
        try
        {
            return get();
        }
        catch (Exception e) when (e is InvalidCastException or MissingMemberException or TypeLoadException)
        {
            return null;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_IsCanceled")]
    private static extern bool GetIsCanceled([UnsafeAccessorType("Microsoft.ML.Runtime.ICancelable, Microsoft.ML.Core")] object host);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_GpuDeviceId")]
    private static extern int? GetGpuDeviceId([UnsafeAccessorType(Internal)] object environment);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_TempFilePath")]
    private static extern string GetTempFilePath([UnsafeAccessorType(Internal)] object environment);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_FallbackToCpu")]
    private static extern bool GetFallbackToCpu([UnsafeAccessorType(Internal)] object environment);
}
