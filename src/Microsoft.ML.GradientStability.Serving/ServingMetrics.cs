using System.Diagnostics.Metrics;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>The instruments of a predictor; each value carries the tag <c>model</c>, the file's name.</summary>
internal sealed class ServingMetrics
{
    private static readonly Meter s_meter = new(OnnxPredictor.MeterName);

    private static readonly Counter<long> s_rows = s_meter.CreateCounter<long>("onnx_predictor.rows", "{row}",
        "Rows by outcome: scored, missing (NaN in, none out), failed, refused (queue full), canceled.");

    private static readonly UpDownCounter<long> s_waiting = s_meter.CreateUpDownCounter<long>("onnx_predictor.queue.rows", "{row}", "Rows that wait for a run.");

    private static readonly Histogram<double> s_wait = s_meter.CreateHistogram("onnx_predictor.queue.duration", "s", "How long a call waited for its run.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] });

    private static readonly Histogram<long> s_batch = s_meter.CreateHistogram("onnx_predictor.run.rows", "{row}", "Rows of a run.",
        advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] });

    private static readonly Histogram<double> s_run = s_meter.CreateHistogram("onnx_predictor.run.duration", "s", "Time of a run.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5] });

    private static readonly Counter<long> s_reloads = s_meter.CreateCounter<long>("onnx_predictor.reloads", "{reload}", "Replaced files by outcome: loaded, refused.");

    private readonly KeyValuePair<string, object?> _model;

    public ServingMetrics(string model) => _model = new("model", model);

    public void Waiting(int change) => s_waiting.Add(change, _model);

    public void Waited(TimeSpan time) => s_wait.Record(time.TotalSeconds, _model);

    public void Ran(int rows, TimeSpan time)
    {
        s_batch.Record(rows, _model);
        s_run.Record(time.TotalSeconds, _model);
    }

    public void Reloaded(bool isLoaded) => s_reloads.Add(1, _model, new("outcome", isLoaded ? "loaded" : "refused"));

    public void Finished(Predictions rows, Exception? failure)
    {
        var outcome = failure switch
        {
            null => "scored",
            PredictionQueueFullException => "refused",
            OperationCanceledException => "canceled",
            _ => "failed",
        };
        var missing = failure is null ? rows.MissingRows : 0;
        if (rows.Count > missing)
            s_rows.Add(rows.Count - missing, _model, new("outcome", outcome));
        if (missing > 0)
            s_rows.Add(missing, _model, new("outcome", "missing"));
    }
}
