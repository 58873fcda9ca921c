namespace Microsoft.ML.GradientStability.Serving;

/// <summary>What one request may ask for, and all of them together. What is beyond is refused with a status of its own, and costs the others nothing.</summary>
public sealed record PredictionEndpointOptions
{
    /// <summary>Bytes of a body at most, 1 MiB by default; 413 above.</summary>
    public int MaxRequestBytes { get; init => field = AtLeastOne(value); } = 1 << 20;

    /// <summary>Rows of a request at most, 1,024 by default; 413 above.</summary>
    public int MaxRows { get; init => field = AtLeastOne(value); } = 1024;

    /// <summary>Requests at a time at most, 1,024 by default; 429 above, and where the predictor's queue is full.</summary>
    public int MaxConcurrentRequests { get; init => field = AtLeastOne(value); } = 1024;

    /// <summary>From the first byte to the prediction at most, 10 s by default; 408 where the body is late, 504 where the prediction is.</summary>
    public TimeSpan Timeout
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1));
            field = value;
        }
    } = TimeSpan.FromSeconds(10);

    private static int AtLeastOne(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        return value;
    }
}
