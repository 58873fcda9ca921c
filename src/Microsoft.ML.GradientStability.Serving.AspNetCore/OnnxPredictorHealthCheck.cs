using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>
/// Ready while a model is in service; degraded, which is still ready, while a replacement of its file is refused; unhealthy from the moment when the program is told to
/// stop, so that no new requests are sent while it finishes those that it has.
/// </summary>
internal sealed class OnnxPredictorHealthCheck(OnnxPredictor predictor, IHostApplicationLifetime lifetime) : IHealthCheck
{
    public const string Tag = "ready";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellation = default) => Task.FromResult(
        lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("The program stops.")
        : predictor.RefusedReplacement is { } why ? HealthCheckResult.Degraded(why)
        : HealthCheckResult.Healthy());
}
