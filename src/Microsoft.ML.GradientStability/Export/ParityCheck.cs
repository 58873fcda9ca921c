using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Scores the same rows by the TorchSharp network in evaluation mode and by ONNX Runtime on the very bytes that will be written,
/// and compares the scores. The tolerance is relative to the spread of each output, whatever its unit. Of a row with a feature that is
/// NaN or infinite the network knows nothing; the file has to say NaN.
/// </summary>
internal sealed class ParityCheck(NetworkModule module, Objective objective, OnnxScorer scorer, double tolerance) : IDisposable
{
    /// <summary>Of rows that are not wide.</summary>
    private const int MostRowsAtOnce = 64;

    private readonly int _rowsAtOnce = scorer.RowsAtOnce(MostRowsAtOnce);
    private readonly OnnxScorer.Batch _batch = new(scorer, scorer.RowsAtOnce(MostRowsAtOnce));
    private readonly float[][] _features = new float[scorer.RowsAtOnce(MostRowsAtOnce)][];
    private readonly float[][] _told = new float[scorer.RowsAtOnce(MostRowsAtOnce)][];
    private readonly SortedDictionary<string, Difference> _outputs = new(StringComparer.Ordinal);
    private int _filled;
    private long _compared;

    /// <summary>Whether the network gave a number for all that was compared.</summary>
    public bool ScoresAreFinite => _outputs.Values.All(output => double.IsFinite(output.Least) && double.IsFinite(output.Greatest));

    /// <summary>The features of the next row, to be filled in before the next call.</summary>
    /// <param name="length">How many there are.</param>
    public Span<float> NextRow(int length)
    {
        if (_filled == _rowsAtOnce)
            Compare();
        if (_features[_filled]?.Length != length)
            _features[_filled] = new float[length];
        return _features[_filled++];
    }

    public OnnxParity Finish()
    {
        Compare();
        var worst = _outputs
            .Select(output => new OnnxParity { Rows = _compared, GreatestDifference = output.Value.Size, Row = output.Value.Row, Tolerance = Accepted(output.Key, output.Value) })
            .OrderBy(parity => parity.Holds ? parity.GreatestDifference / parity.Tolerance : double.PositiveInfinity)
            .LastOrDefault();
        return worst ?? new OnnxParity { Rows = 0, GreatestDifference = 0, Row = 0, Tolerance = tolerance };
    }

    /// <summary>
    /// The greatest change of a score, of the rows compared last, by one part in a million of noise in their features and in the
    /// weights, which stands for rounding on the way: how much the network makes of differences that rounding alone can cause.
    /// </summary>
    public double EffectOfNoise()
    {
        var random = new Random(0);
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        module.eval();
        var rows = _features.TakeWhile(row => row is not null).ToArray();
        var told = Told(rows.Length);
        var expected = objective.Scores(module, Rows(rows), told).ToArray();
        var weights = module.parameters().Select(parameter => (Parameter: parameter, Values: parameter.data<float>().ToArray())).ToArray();
        foreach (var (parameter, values) in weights)
            parameter.copy_(tensor(Noisy(values), parameter.shape, device: CPU));
        var effect = 0.0;
        foreach (var ((_, scores), (_, changed)) in expected.Zip(objective.Scores(module, Rows(Array.ConvertAll(rows, Noisy)), told)))
            effect = Math.Max(effect, (scores - changed).abs().max().item<float>());
        foreach (var (parameter, values) in weights)
            parameter.copy_(tensor(values, parameter.shape, device: CPU));
        return effect;

        float[] Noisy(float[] values)
        {
            const float part = 1e-6f;
            return Array.ConvertAll(values, x => x * (1 + (random.Next(2) == 0 ? part : -part)));
        }
    }

    public void Dispose() => _batch.Dispose();

    private bool FeedsClasses => module.FedStep is not null && objective.HasClasses;

    private double Accepted(string output, Difference difference) => tolerance * objective.Spread(output, difference.Least, difference.Greatest);

    private void Compare()
    {
        if (_filled == 0)
            return;
        for (var row = 0; row < _filled; row++)
            _features[row].CopyTo(_batch.Features(row, _features[row].Length));
        _batch.Run();

        Span<bool> isNumber = stackalloc bool[_rowsAtOnce];
        for (var row = 0; row < _filled; row++)
        {
            isNumber[row] = _features[row].Length > 0 && float.IsFinite(TensorPrimitives.MaxMagnitude<float>(_features[row]));
            if (!isNumber[row])
                Array.Clear(_features[row]);
        }

        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        module.eval();
        for (var row = 0; row < _filled && FeedsClasses; row++)
            _told[row] = Array.ConvertAll(_batch.ClassIndexes(row).ToArray(), index => index < 0 ? float.NaN : index);
        foreach (var (output, values) in objective.Scores(module, Rows(_features.AsSpan(0, _filled)), Told(_filled)))
        {
            if (!_outputs.TryGetValue(output, out var difference))
                _outputs[output] = difference = new Difference();
            var expected = MemoryMarshal.Cast<byte, float>(values.contiguous().bytes);
            var width = expected.Length / _filled;
            for (var row = 0; row < _filled; row++)
            {
                var scores = _batch.Values(output, row);
                for (var i = 0; i < scores.Length; i++)
                    if (isNumber[row])
                        difference.Note(scores[i], expected[row * width + i], _compared + row + 1);
                    else if (!float.IsNaN(scores[i]))
                        difference.Note(double.NaN, 0, _compared + row + 1);
            }
        }
        _compared += _filled;
        _filled = 0;
    }

    /// <summary>The classes that the file told of the steps of the rows compared last, where it was fed those.</summary>
    private TorchSharp.torch.Tensor? Told(int rows) => FeedsClasses ? Rows(_told.AsSpan(0, rows), least: 1) : null;

    private TorchSharp.torch.Tensor Rows(ReadOnlySpan<float[]> rows) => Rows(rows, module.StepSize);

    /// <summary>Rows as long as the longest, NaN behind their ends.</summary>
    private static TorchSharp.torch.Tensor Rows(ReadOnlySpan<float[]> rows, int least)
    {
        var width = least;
        foreach (var row in rows)
            width = Math.Max(width, row.Length);
        var features = empty(rows.Length, width, dtype: ScalarType.Float32, device: CPU);
        var values = MemoryMarshal.Cast<byte, float>(features.bytes);
        values.Fill(float.NaN);
        for (var row = 0; row < rows.Length; row++)
            rows[row].CopyTo(values[(row * width)..]);
        return features;
    }

    /// <summary>What was seen of one output.</summary>
    private sealed class Difference
    {
        public double Least { get; private set; } = double.PositiveInfinity;
        public double Greatest { get; private set; } = double.NegativeInfinity;
        public double Size { get; private set; }
        public long Row { get; private set; }

        /// <summary>Keeps the greatest difference; a NaN stays, nothing is greater than it.</summary>
        public void Note(double score, double expected, long row)
        {
            (Least, Greatest) = (Math.Min(Least, expected), Math.Max(Greatest, expected));
            var size = Math.Abs(score - expected);
            if (!double.IsNaN(Size) && (!(size <= Size) || Row == 0))
                (Size, Row) = (size, row);
        }
    }
}
