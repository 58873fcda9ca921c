using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.GradientStability.Tests.Docs;

/// <summary>The code of docs/hosting.md, between the marks to the letter; run by <see cref="PageTests"/>.</summary>
internal static class HostingSample
{
    public static DeepNetworkRegressionTrainer.Options Run(MLContext mlContext, IConfiguration configuration, ILogger logger)
    {
        // <sample>
        using var log = mlContext.LogTo(logger);
        var options = configuration.GetSection("Training").GetDeepNetworkOptions<DeepNetworkRegressionTrainer.Options>();
        var trainer = mlContext.Regression.Trainers.DeepNetwork(options);
        // </sample>
        return trainer.TrainerOptions;
    }
}
