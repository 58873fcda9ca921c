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
    private readonly int _stepSize;
    private readonly int _longest;

    /// <param name="onnx">The file.</param>
    /// <param name="threads">That compute, at least 1.</param>
    /// <param name="stepSize">Numbers of a step, where rows are sequences of different lengths; of no use otherwise.</param>
    /// <param name="longest">Numbers of the longest row to be expected, where they are.</param>
    /// <param name="gpu">The GPU that scores in their place, one that <see cref="ScoringGpu"/> does not miss.</param>
    public OnnxScorer(byte[] onnx, int threads, int stepSize = 0, int longest = 1, int? gpu = null)
    {
        (_stepSize, _longest) = (stepSize, longest);
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        // Threads that spin between calls would take the processor from the pipeline around the scorer.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        if (gpu is { } id)
            ScoringGpu.Choose(options, id);
        _session = new InferenceSession(onnx, options);
        _use = new SharedUse(_session.Dispose);
        var input = _session.InputMetadata.Single();
        _features = input.Key;
        Width = Math.Max(0, input.Value.Dimensions[1]);
    }

    /// <summary>Features a row; 0 where rows have different lengths.</summary>
    public int Width { get; }

    private bool Varies => Width == 0;

    /// <summary>As many rows at once as keep every buffer of a <see cref="Batch"/> below 16 MB, at least one.</summary>
    /// <param name="most">No more than these.</param>
    public int RowsAtOnce(int most) =>
        (int)Math.Clamp((1L << 22) / Math.Max(Varies ? _longest : Width, _session.OutputMetadata.Values.Max(output => (long)output.Dimensions[1])), 1, most);

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
        private readonly int[] _lengths;
        private float[] _features;
        private float[] _padded = [];
        private readonly Dictionary<string, float[]> _values = [];
        private readonly List<string> _growing = [];
        private readonly int[] _scored;
        private long[] _classes = [];
        private readonly RunOptions _run = new();
        private readonly OrtIoBinding _binding;
        private readonly List<OrtValue> _bound = [];
        private readonly int _rows;
        private OrtValue? _input;
        private int _width;

        public Batch(OnnxScorer scorer, int rows)
        {
            (_scorer, _rows) = (scorer, rows);
            _features = new float[checked(rows * scorer.Width)];
            _lengths = new int[rows];
            _scored = new int[rows];
            scorer.Enter();
            try
            {
                _binding = scorer._session.CreateIoBinding();
                if (!scorer.Varies)
                    _binding.BindInput(scorer._features, Bind(_features));
                foreach (var (name, output) in scorer._session.OutputMetadata)
                {
                    if (output.Dimensions[1] < 0)
                    {
                        _growing.Add(name);
                        continue;
                    }
                    if (output.ElementType == typeof(long))
                    {
                        _binding.BindOutput(name, Bind(_classes = new long[checked(rows * output.Dimensions[1])]));
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

        /// <summary>The features of one row of a length of its own, to be filled in. A row that is not asked for before a run is one without steps.</summary>
        /// <param name="row">From 0.</param>
        /// <param name="length">Features, whole steps; <see cref="Width"/> where all rows have so many.</param>
        public Span<float> Features(int row, int length)
        {
            if (!_scorer.Varies)
                return Features(row);
            var places = _features.Length / _rows;
            if (length > places)
                Widen(Math.Max(length, 2 * places));
            _lengths[row] = length;
            return _features.AsSpan(row * (_features.Length / _rows), length);
        }

        /// <summary>An output of one row, valid after <see cref="Run"/>.</summary>
        public ReadOnlySpan<float> Values(string output, int row) => OfRow<float>(_values[output], row);

        /// <summary>The likeliest class of one row, from 0, or −1 where its scores are NaN; for models of several classes.</summary>
        public long ClassIndex(int row) => _classes[row];

        /// <summary>The same of every step of a row; for models of the classes of steps.</summary>
        public ReadOnlySpan<long> ClassIndexes(int row) => OfRow<long>(_classes, row);

        /// <summary>Where rows have different lengths, an output that is as wide as the longest of a run is read as far as the row goes.</summary>
        private ReadOnlySpan<T> OfRow<T>(T[] values, int row)
        {
            var width = values.Length / _rows;
            return values.AsSpan(row * width, _growing.Count > 0 ? (int)((long)width * _scored[row] / _width) : width);
        }

        /// <exception cref="ObjectDisposedException">The batch or its scorer was disposed of.</exception>
        public void Run()
        {
            ObjectDisposedException.ThrowIf(!_use.TryEnter(), this);
            try
            {
                _scorer.Enter();
                try
                {
                    if (_scorer.Varies)
                        BindPadded();
                    _scorer._session.RunWithBinding(_run, _binding);
                    if (_growing.Count > 0)
                        TakeOutputs();
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
            _input?.Dispose();
            _run.Dispose();
        }

        private void Widen(int places)
        {
            var (before, old) = (_features, _features.Length / _rows);
            _features = new float[checked(_rows * places)];
            for (var row = 0; row < _rows; row++)
                before.AsSpan(row * old, _lengths[row]).CopyTo(_features.AsSpan(row * places));
        }

        /// <summary>All rows as long as the longest, NaN behind their ends.</summary>
        private void BindPadded()
        {
            var (places, width) = (_features.Length / _rows, Math.Max(_scorer._stepSize, _lengths.Max()));
            if (_padded.Length != _rows * width)
            {
                _padded = new float[checked(_rows * width)];
                _input?.Dispose();
                _binding.BindInput(_scorer._features, _input = OrtValue.CreateTensorValueFromMemory(_padded, [_rows, width]));
            }
            // What a run made is kept for the next, whatever its width, unless it is bound anew.
            foreach (var name in _growing)
                _binding.BindOutputToDevice(name, OrtMemoryInfo.DefaultInstance);
            _padded.AsSpan().Fill(float.NaN);
            for (var row = 0; row < _rows; row++)
                _features.AsSpan(row * places, _lengths[row]).CopyTo(_padded.AsSpan(row * width));
            _lengths.CopyTo(_scored, 0);
            _width = width;
            Array.Clear(_lengths);
        }

        /// <summary>Outputs as wide as the longest row of a run, which ONNX Runtime makes.</summary>
        private void TakeOutputs()
        {
            using var outputs = _binding.GetOutputValues();
            foreach (var (name, value) in _binding.GetOutputNames().Zip(outputs))
                if (value.GetTensorTypeAndShape().ElementDataType == OnnxRuntime.Tensors.TensorElementType.Int64)
                    _classes = value.GetTensorDataAsSpan<long>().ToArray();
                else
                    _values[name] = value.GetTensorDataAsSpan<float>().ToArray();
        }

        private OrtValue Bind<T>(T[] buffer) where T : unmanaged
        {
            var value = OrtValue.CreateTensorValueFromMemory(buffer, [_rows, buffer.Length / _rows]);
            _bound.Add(value);
            return value;
        }
    }
}
