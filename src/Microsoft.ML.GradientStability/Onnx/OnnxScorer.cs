using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Scores rows by ONNX Runtime: one session, shared by any number of threads, each with its own <see cref="Batch"/>.
/// </summary>
internal sealed class OnnxScorer : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _features;

    public OnnxScorer(byte[] onnx)
    {
        using var options = new SessionOptions();
        // Threads that spin between calls would take the processor from the pipeline around the scorer.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        _session = new InferenceSession(onnx, options);
        var input = _session.InputMetadata.Single();
        _features = input.Key;
        Width = input.Value.Dimensions[1];
        Classes = _session.OutputMetadata[ClassifierOnnx.Score].Dimensions[1];
    }

    /// <summary>Features a row.</summary>
    public int Width { get; }

    public int Classes { get; }

    public void Dispose() => _session.Dispose();

    /// <summary>Buffers for a fixed number of rows, bound to the session once; scoring copies and allocates nothing.</summary>
    public sealed class Batch : IDisposable
    {
        private readonly OnnxScorer _scorer;
        private readonly float[] _features;
        private readonly float[] _scores;
        private readonly long[] _classes;
        private readonly RunOptions _run = new();
        private readonly OrtIoBinding _binding;
        private readonly OrtValue[] _values;

        public Batch(OnnxScorer scorer, int rows)
        {
            _scorer = scorer;
            _features = new float[checked(rows * scorer.Width)];
            _scores = new float[rows * scorer.Classes];
            _classes = new long[rows];
            _values =
            [
                OrtValue.CreateTensorValueFromMemory(_features, [rows, scorer.Width]),
                OrtValue.CreateTensorValueFromMemory(_scores, [rows, scorer.Classes]),
                OrtValue.CreateTensorValueFromMemory(_classes, [rows, 1]),
            ];
            _binding = scorer._session.CreateIoBinding();
            _binding.BindInput(scorer._features, _values[0]);
            _binding.BindOutput(ClassifierOnnx.Score, _values[1]);
            _binding.BindOutput(ClassifierOnnx.PredictedLabel, _values[2]);
        }

        /// <summary>The features of one row, to be filled in.</summary>
        public Span<float> Features(int row) => _features.AsSpan(row * _scorer.Width, _scorer.Width);

        /// <summary>The probabilities of one row, valid after <see cref="Run"/>.</summary>
        public ReadOnlySpan<float> Scores(int row) => _scores.AsSpan(row * _scorer.Classes, _scorer.Classes);

        /// <summary>The likeliest class of one row, from 0.</summary>
        public long Class(int row) => _classes[row];

        public void Run() => _scorer._session.RunWithBinding(_run, _binding);

        public void Dispose()
        {
            _binding.Dispose();
            foreach (var value in _values)
                value.Dispose();
            _run.Dispose();
        }
    }
}
