using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Scores rows by ONNX Runtime: one session, shared by any number of threads, each with its own <see cref="Batch"/>.
/// </summary>
internal sealed class OnnxScorer : IDisposable
{
    /// <summary>Features that the buffers of one batch may hold, 16 MiB of them.</summary>
    private const int FeaturesAtOnce = 1 << 22;

    private readonly InferenceSession _session;
    private readonly string _features;
    private bool _disposed;

    public OnnxScorer(byte[] onnx)
    {
        using var options = new SessionOptions();
        // Threads that spin between calls would take the processor from the pipeline around the scorer.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        _session = new InferenceSession(onnx, options);
        var input = _session.InputMetadata.Single();
        _features = input.Key;
        Width = input.Value.Dimensions[1];
    }

    /// <summary>Features a row.</summary>
    public int Width { get; }

    /// <summary>Rows to score at once: as many as are wanted, as far as rows of this width leave memory for others.</summary>
    public int RowsAtOnce(int wanted) => Math.Clamp(FeaturesAtOnce / Width, 1, wanted);

    public void Dispose()
    {
        _disposed = true;
        _session.Dispose();
    }

    /// <summary>The session is native memory: used after its end it would take the process with it.</summary>
    private void CheckAlive()
    {
        if (_disposed)
            throw new ObjectDisposedException("deep network",
                "The deep network was disposed of. A prediction engine disposes of its model unless PredictionEngineOptions.OwnsTransformer is false.");
    }

    /// <summary>Buffers for a fixed number of rows, bound to the session once; scoring copies and allocates nothing.</summary>
    public sealed class Batch : IDisposable
    {
        private readonly OnnxScorer _scorer;
        private readonly float[] _features;
        private readonly Dictionary<string, float[]> _values = [];
        private readonly long[] _classes;
        private readonly RunOptions _run = new();
        private readonly OrtIoBinding _binding;
        private readonly List<OrtValue> _bound = [];
        private readonly int _rows;

        public Batch(OnnxScorer scorer, int rows)
        {
            scorer.CheckAlive();
            (_scorer, _rows) = (scorer, rows);
            _features = new float[checked(rows * scorer.Width)];
            _classes = new long[rows];
            _binding = scorer._session.CreateIoBinding();
            _binding.BindInput(scorer._features, Bind(_features));
            foreach (var (name, output) in scorer._session.OutputMetadata)
            {
                if (output.ElementType == typeof(long))
                {
                    _binding.BindOutput(name, Bind(_classes));
                    continue;
                }
                _values[name] = new float[checked(rows * output.Dimensions[1])];
                _binding.BindOutput(name, Bind(_values[name]));
            }
        }

        /// <summary>The features of one row, to be filled in.</summary>
        public Span<float> Features(int row) => _features.AsSpan(row * _scorer.Width, _scorer.Width);

        /// <summary>An output of one row, valid after <see cref="Run"/>.</summary>
        public ReadOnlySpan<float> Values(string output, int row)
        {
            var values = _values[output];
            var width = values.Length / _rows;
            return values.AsSpan(row * width, width);
        }

        /// <summary>The likeliest class of one row, from 0; for models of several classes.</summary>
        public long ClassIndex(int row) => _classes[row];

        public void Run()
        {
            _scorer.CheckAlive();
            _scorer._session.RunWithBinding(_run, _binding);
        }

        public void Dispose()
        {
            _binding.Dispose();
            foreach (var value in _bound)
                value.Dispose();
            _run.Dispose();
        }

        private OrtValue Bind<T>(T[] buffer) where T : unmanaged
        {
            var value = OrtValue.CreateTensorValueFromMemory(buffer, [_rows, buffer.Length / _rows]);
            _bound.Add(value);
            return value;
        }
    }
}
