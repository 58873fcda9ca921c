using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Scores the same rows by the TorchSharp network in evaluation mode and by ONNX Runtime on the very bytes that will be written,
/// and compares the probabilities.
/// </summary>
internal sealed class ParityCheck(NetworkModule module, OnnxScorer scorer, double tolerance) : IDisposable
{
    private const int RowsAtOnce = 64;

    private readonly OnnxScorer.Batch _batch = new(scorer, RowsAtOnce);
    private readonly float[] _features = new float[RowsAtOnce * scorer.Width];
    private int _filled;
    private long _compared;
    private double _greatest;
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
        return new OnnxParity { Rows = _compared, GreatestDifference = _greatest, Row = _greatestRow, Tolerance = tolerance };
    }

    public void Dispose() => _batch.Dispose();

    private void Compare()
    {
        for (var row = 0; row < _filled; row++)
            _features.AsSpan(row * scorer.Width, scorer.Width).CopyTo(_batch.Features(row));
        _batch.Run();

        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        module.eval();
        var expected = nn.functional.softmax(module.forward(tensor(_features, [RowsAtOnce, scorer.Width])), 1).data<float>().ToArray();
        for (var row = 0; row < _filled; row++)
        {
            var scores = _batch.Scores(row);
            for (var c = 0; c < scores.Length; c++)
            {
                double difference = Math.Abs(scores[c] - expected[row * scores.Length + c]);
                if (difference <= _greatest && _greatestRow > 0)
                    continue;
                // A NaN stays: nothing is greater than it.
                if (double.IsNaN(_greatest))
                    continue;
                (_greatest, _greatestRow) = (difference, _compared + row + 1);
            }
        }
        _compared += _filled;
        _filled = 0;
    }
}
