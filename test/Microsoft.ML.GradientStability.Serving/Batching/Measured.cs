using System.Diagnostics.Metrics;

namespace Microsoft.ML.GradientStability.Serving.Tests.Batching;

/// <summary>What the instruments of one model say, from now on.</summary>
internal sealed class Measured : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<(string Instrument, double Value, string? Outcome)> _values = [];

    public Measured(string model)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == OnnxPredictor.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (!tags.Contains(new("model", model)))
                return;
            string? outcome = null;
            foreach (var (key, tag) in tags)
                if (key == "outcome")
                    outcome = (string?)tag;
            lock (_values)
                _values.Add((instrument.Name, value, outcome));
        }
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    public double[] Values(string instrument, string? outcome = null)
    {
        lock (_values)
            return [.. _values.Where(v => v.Instrument == instrument && v.Outcome == outcome).Select(v => v.Value)];
    }

    public void Dispose() => _listener.Dispose();
}
