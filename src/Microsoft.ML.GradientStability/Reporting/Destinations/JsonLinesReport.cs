using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A file of JSON objects, one a line (https://jsonlines.org): <c>start</c>, <c>step</c>, <c>statistics</c>, <c>epoch</c>,
/// <c>finding</c>, <c>over</c> and <c>end</c>, told
/// apart by <c>event</c>. Every line is handed to the system whole, so that a killed program leaves whole lines. Numbers that are not finite are
/// the strings <c>"NaN"</c>, <c>"Infinity"</c> and <c>"-Infinity"</c>.
/// </summary>
public sealed record JsonLinesReport : Report
{
    private readonly string _path = "";
    private readonly int _steps = 10;

    internal JsonLinesReport() { }

    /// <summary>The file.</summary>
    public string Path { get => _path; init => _path = Check.Path(value, nameof(Path)); }

    /// <summary>Steps between two lines of steps, at least 1. Default 10.</summary>
    public int Steps { get => _steps; init => _steps = Check.AtLeast(value, 1, nameof(Steps)); }

    /// <summary>One readable line.</summary>
    public override string ToString() => $"JsonLines({Path})";

    internal override Session Open(TrainingOptions options, TrainingCurves curves) => new Lines(this, options);

    private sealed class Lines : Session
    {
        private static readonly JsonSerializerOptions s_json = new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

        private readonly JsonLinesReport _report;
        private readonly FileStream _file;

        public Lines(JsonLinesReport report, TrainingOptions options)
        {
            _report = report;
            try
            {
                // No buffer: a line is one call of the system.
                _file = new FileStream(report.Path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            }
            catch (Exception e) when (IsOfFile(e))
            {
                throw Failed(report.Path, e);
            }
            Write(new { Event = "start", Time = DateTimeOffset.UtcNow, Options = JsonNode.Parse(options.ToJson()) });
        }

        public override bool WantsStep(long step) => step % _report.Steps == 0;

        public override void Step(TrainingProgress p) => Write(new
        {
            Event = "step", p.Epoch, p.Step, p.LearningRate, Loss = p.BatchLoss, p.GradientNorm, p.ClippedGradientNorm, p.Clipped,
            Layers = p.Layers.ToDictionary(layer => layer.Layer, layer => layer.Norm), ElapsedSeconds = p.Elapsed.TotalSeconds,
        });

        public override void Measured(TrainingProgress p, StepStatistics s) => Write(new
        {
            Event = "statistics", s.Epoch, s.Step, s.Cosine, s.NoiseScale,
            Layers = p.Layers.Select((layer, l) => (layer.Layer, s.Layers[l])).ToDictionary(l => l.Layer, l => l.Item2), s.Activations, s.GradientOverTime,
        });

        public override void EpochEnded(TrainingProgress p) => Write(new
        {
            Event = "epoch", p.Epoch, p.Step, p.LearningRate, p.Loss, p.ValidationLoss, p.ValidationAccuracy, p.ClippedShare, p.SkippedSteps,
            ElapsedSeconds = p.Elapsed.TotalSeconds,
        });

        public override void Found(TrainingProgress p, Finding f) => Write(new
        {
            Event = "finding", f.Epoch, f.Step, f.Kind, Severity = f.Severity.ToString(), f.Layer, f.Units, f.Evidence, f.Measures, f.CauseName, f.Confidence, f.Cause,
            Remedies = f.Remedies.Select(remedy => remedy.ToString()),
        });

        public override void Over(Finding f) => Write(new { Event = "over", f.Kind, f.Layer, f.CauseName, f.Step, f.FirstStep, f.LastStep });

        public override void Ended(FitEnd end) => Write(new { Event = "end", end.End, Error = end.Error?.Message });

        public override void Dispose() => _file.Dispose();

        private void Write<T>(T line)
        {
            try
            {
                _file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line, s_json) + "\n"));
            }
            catch (Exception e) when (IsOfFile(e))
            {
                throw Failed(_report.Path, e);
            }
        }
    }
}
