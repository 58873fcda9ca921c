using System.Numerics.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Scores the same rows by the TorchSharp network in evaluation mode and by ONNX Runtime on the very bytes that will be written,
/// and compares the scores. Where scores are greater than 1 their precision is relative, and so is the tolerance, to the greatest one.
/// </summary>
internal sealed class ParityCheck(NetworkModule module, Objective objective, OnnxScorer scorer, double tolerance) : IDisposable
{
    private const int RowsAtOnce = 64;

    private readonly OnnxScorer.Batch _batch = new(scorer, RowsAtOnce);
    private readonly float[] _features = new float[RowsAtOnce * scorer.Width];
    private int _filled;
    private long _compared;
    private double _greatest;
    private double _greatestScore = 1;
    private long _greatestRow;

    /// <summary>The features of the next row, to be filled in before the next call.</summary>
    public Span<float> NextRow()
    {
        if (_filled == RowsAtOnce)
            Compare();
        return _features.AsSpan(_filled++ * scorer.Width, scorer.Width);
    }

    public OnnxParity Finish()
    {
        Compare();
        return new OnnxParity { Rows = _compared, GreatestDifference = _greatest, Row = _greatestRow, Tolerance = tolerance * _greatestScore };
    }

    public void Dispose() => _batch.Dispose();

    private void Compare()
    {
        if (_filled == 0)
            return;
        for (var row = 0; row < _filled; row++)
            _features.AsSpan(row * scorer.Width, scorer.Width).CopyTo(_batch.Features(row));
        _batch.Run();

        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        module.eval();
        foreach (var (output, values) in objective.Scores(module, tensor(_features, [RowsAtOnce, scorer.Width])))
        {
            var expected = values.data<float>().ToArray();
            _greatestScore = Math.Max(_greatestScore, Math.Abs(TensorPrimitives.MaxMagnitude<float>(expected.AsSpan(0, _filled * expected.Length / RowsAtOnce))));
            for (var row = 0; row < _filled; row++)
            {
                var scores = _batch.Values(output, row);
                for (var i = 0; i < scores.Length; i++)
                    Note(Math.Abs(scores[i] - expected[row * scores.Length + i]), _compared + row + 1);
            }
        }
        _compared += _filled;
        _filled = 0;
    }

    /// <summary>Keeps the greatest difference; a NaN stays, nothing is greater than it.</summary>
    private void Note(double difference, long row)
    {
        if (double.IsNaN(_greatest) || (difference <= _greatest && _greatestRow > 0))
            return;
        (_greatest, _greatestRow) = (difference, row);
    }
}
