using Microsoft.Extensions.Logging;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>ML.NET's log as that of the program.</summary>
public static class LoggerExtensions
{
    /// <summary>Passes each message of the context to a logger, with its source: a line an epoch, a warning a finding, and what ML.NET itself says.</summary>
    /// <param name="mlContext">Whose <c>Log</c> it is.</param>
    /// <param name="logger">Of the program; a trace stays a trace, an info is information, a warning a warning, an error an error.</param>
    /// <returns>Ends it when disposed of.</returns>
    public static IDisposable LogTo(this MLContext mlContext, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(logger);
        return new Subscription(mlContext, logger);
    }

    private static LogLevel Level(ChannelMessageKind kind) => kind switch
    {
        ChannelMessageKind.Error => LogLevel.Error,
        ChannelMessageKind.Warning => LogLevel.Warning,
        ChannelMessageKind.Info => LogLevel.Information,
        _ => LogLevel.Trace,
    };

    private sealed class Subscription : IDisposable
    {
        private readonly MLContext _context;
        private readonly ILogger _logger;

        public Subscription(MLContext context, ILogger logger)
        {
            (_context, _logger) = (context, logger);
            context.Log += Pass;
        }

        public void Dispose() => _context.Log -= Pass;

        private void Pass(object? sender, LoggingEventArgs e) => _logger.Log(Level(e.Kind), "{Source}: {Message}", e.Source, e.RawMessage);
    }
}
