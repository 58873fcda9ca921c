namespace Microsoft.ML.GradientStability.Serving;

/// <summary>More rows wait already than <see cref="OnnxPredictorOptions.QueueLimit"/> allows; nothing was scored. Try again later, or with fewer callers.</summary>
public sealed class PredictionQueueFullException : Exception
{
    internal PredictionQueueFullException(int rows, int limit)
        : base($"{rows} more rows would make the queue longer than QueueLimit = {limit}. Try again later.") { }
}
