using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Scores rows by ONNX Runtime: one session, shared by any number of threads, each with its own <see cref="Batch"/>. Disposed of while
/// some score, it lets them finish what they do; whoever comes later gets an <see cref="ObjectDisposedException"/>.
/// </summary>
internal sealed class OnnxScorer : IDisposable
{
    private readonly InferenceSession _session;
    private readonly SharedUse _use;
    private readonly string _features;

    /// <param name="onnx">The file.</param>
    /// <param name="threads">That compute, at least 1.</param>
    public OnnxScorer(byte[] onnx, int threads)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        // Threads that spin between calls would take the processor from the pipeline around the scorer.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        _session = new InferenceSession(onnx, options);
        _use = new SharedUse(_session.Dispose);
        var input = _session.InputMetadata.Single();
        _features = input.Key;
        Width = input.Value.Dimensions[1];
    }

    /// <summary>Features a row.</summary>
    public int Width { get; }

    /// <summary>As many rows at once as keep every buffer of a <see cref="Batch"/> below 16 MB, at least one.</summary>
    /// <param name="most">No more than these.</param>
    public int RowsAtOnce(int most) =>
        (int)Math.Clamp((1L << 22) / Math.Max(Width, _session.OutputMetadata.Values.Max(output => (long)output.Dimensions[1])), 1, most);

    public void Dispose() => _use.End();

    /// <summary>The session is native memory: used after its end it would take the process with it.</summary>
    private void Enter()
    {
        if (!_use.TryEnter())
            throw new ObjectDisposedException("deep network",
                "The deep network was disposed of. A prediction engine disposes of its model unless PredictionEngineOptions.OwnsTransformer is false.");
    }

    /// <summary>Buffers for a fixed number of rows, bound to the session once; scoring copies and allocates nothing.</summary>
    public sealed class Batch : IDisposable
    {
        private readonly OnnxScorer _scorer;
        private readonly SharedUse _use;
        private readonly float[] _features;
        private readonly Dictionary<string, float[]> _values = [];
        private readonly long[] _classes;
        private readonly RunOptions _run = new();
        private readonly OrtIoBinding _binding;
        private readonly List<OrtValue> _bound = [];
        private readonly int _rows;

        public Batch(OnnxScorer scorer, int rows)
        {
            (_scorer, _rows) = (scorer, rows);
            _features = new float[checked(rows * scorer.Width)];
            _classes = new long[rows];
            scorer.Enter();
            try
            {
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
            finally
            {
                scorer._use.Leave();
            }
            _use = new SharedUse(Release);
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

        /// <summary>The likeliest class of one row, from 0, or −1 where its scores are NaN; for models of several classes.</summary>
        public long ClassIndex(int row) => _classes[row];

        /// <exception cref="ObjectDisposedException">The batch or its scorer was disposed of.</exception>
        public void Run()
        {
            ObjectDisposedException.ThrowIf(!_use.TryEnter(), this);
            try
            {
                _scorer.Enter();
                try
                {
                    _scorer._session.RunWithBinding(_run, _binding);
                }
                finally
                {
                    _scorer._use.Leave();
                }
            }
            finally
            {
                _use.Leave();
            }
        }

        public void Dispose() => _use.End();

        private void Release()
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
