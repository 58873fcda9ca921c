using Microsoft.Extensions.Logging;

namespace Microsoft.ML.GradientStability.Tests.Hosting;

[TestClass]
public sealed class LoggerTests
{
    private sealed class Recorder : ILogger
    {
        public List<(LogLevel Level, string Text)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel level) => true;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? error, Func<TState, Exception?, string> format) => Lines.Add((level, format(state, error)));
    }

    [TestMethod]
    public void A_fit_is_logged_until_the_adapter_is_disposed_of()
    {
        var (ml, logger) = (new MLContext(seed: 1), new Recorder());
        var options = Samples.Small();
        options.Optimizer = Optimizer.Sgd(1e-7);
        using (ml.LogTo(logger))
            ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(Samples.KeyedClusters(ml)).Dispose();
        var lines = logger.Lines.Count;
        Assert.IsTrue(logger.Lines.Exists(line => line.Level == LogLevel.Information && line.Text.Contains("Training: epoch ", StringComparison.Ordinal)));
        Assert.IsTrue(logger.Lines.Exists(line => line.Level == LogLevel.Warning && line.Text.Contains("Steps too small", StringComparison.Ordinal)));
        Assert.IsTrue(logger.Lines.Exists(line => line.Level == LogLevel.Trace));

        ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()).Fit(Samples.KeyedClusters(ml)).Dispose();
        Assert.HasCount(lines, logger.Lines);
    }

    [TestMethod]
    public void Null_is_refused()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => ((MLContext)null!).LogTo(new Recorder()));
        Assert.ThrowsExactly<ArgumentNullException>(() => new MLContext().LogTo(null!));
    }
}
