namespace Microsoft.ML.Runtime;

/// <summary>The settings of an environment that <see cref="MLContext"/> shows to its user.</summary>
internal interface IHostEnvironmentInternal : IHostEnvironment
{
    int? Seed { get; }

    string TempFilePath { get; set; }

    bool FallbackToCpu { get; set; }

    int? GpuDeviceId { get; set; }
}
