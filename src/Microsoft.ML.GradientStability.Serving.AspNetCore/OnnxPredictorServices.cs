using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>An <see cref="OnnxPredictor"/> among the services of a program.</summary>
public static class OnnxPredictorServices
{
    /// <summary>How often the model's file is looked at for a replacement, where the program does not say.</summary>
    private static readonly TimeSpan s_reloadInterval = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Adds the predictor of a file as a singleton, and a health check with the tag <c>ready</c>. The file is loaded when the program starts, which fails
    /// where the file is no good; it is looked at for a replacement every two seconds unless the options say otherwise. Warnings go to the log.
    /// </summary>
    public static IServiceCollection AddOnnxPredictor(this IServiceCollection services, string path, OnnxPredictorOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new() { ReloadInterval = s_reloadInterval };
        services.TryAddSingleton(provider =>
        {
            var log = provider.GetRequiredService<ILogger<OnnxPredictor>>();
            var predictor = new OnnxPredictor(path, options.Warn is null ? options with { Warn = message => log.LogWarning("{Warning}", message) } : options);
            log.LogInformation("Serving {Path}: {Schema}", predictor.Path, predictor.Schema);
            return predictor;
        });
        services.AddHostedService<LoadAtStart>();
        services.AddHealthChecks().AddCheck<OnnxPredictorHealthCheck>("model", tags: [OnnxPredictorHealthCheck.Tag]);
        return services;
    }

    /// <summary>Asks for the predictor, so that it is made before the first request comes in.</summary>
    private sealed class LoadAtStart(OnnxPredictor predictor) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellation)
        {
            _ = predictor;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellation) => Task.CompletedTask;
    }
}
