using System.Numerics.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Scores the same rows by the TorchSharp network in evaluation mode and by ONNX Runtime on the very bytes that will be written,
/// and compares the scores. Where scores are greater than 1 their precision is relative, and so is the tolerance, to the greatest one.
/// </summary>
internal sealed class ParityCheck(NetworkModule module, Objective objective, OnnxScorer scorer, double tolerance) : IDisposable
{
    /// <summary>Of rows that are not wide.</summary>
    private const int MostRowsAtOnce = 64;

    private readonly int _rowsAtOnce = scorer.RowsAtOnce(MostRowsAtOnce);
    private readonly OnnxScorer.Batch _batch = new(scorer, scorer.RowsAtOnce(MostRowsAtOnce));
    private readonly float[] _features = new float[scorer.RowsAtOnce(MostRowsAtOnce) * scorer.Width];
    private int _filled;
    private long _compared;
    private double _greatest;
    private double _greatestScore = 1;
    private long _greatestRow;

    /// <summary>Whether the network gave a number for all that was compared.</summary>
    public bool ScoresAreFinite => double.IsFinite(_greatestScore);

    /// <summary>The features of the next row, to be filled in before the next call.</summary>
    public Span<float> NextRow()
    {
        if (_filled == _rowsAtOnce)
            Compare();
        return _features.AsSpan(_filled++ * scorer.Width, scorer.Width);
    }

    public OnnxParity Finish()
    {
        Compare();
        return new OnnxParity { Rows = _compared, GreatestDifference = _greatest, Row = _greatestRow, Tolerance = tolerance * _greatestScore };
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
        var expected = objective.Scores(module, Rows(_features)).ToArray();
        var weights = module.parameters().Select(parameter => (Parameter: parameter, Values: parameter.data<float>().ToArray())).ToArray();
        foreach (var (parameter, values) in weights)
            parameter.copy_(tensor(Noisy(values), parameter.shape));
        var effect = 0.0;
        foreach (var ((_, scores), (_, changed)) in expected.Zip(objective.Scores(module, Rows(Noisy(_features)))))
            effect = Math.Max(effect, (scores - changed).abs().max().item<float>());
        foreach (var (parameter, values) in weights)
            parameter.copy_(tensor(values, parameter.shape));
        return effect;

        float[] Noisy(float[] values)
        {
            const float part = 1e-6f;
            return Array.ConvertAll(values, x => x * (1 + (random.Next(2) == 0 ? part : -part)));
        }
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
        foreach (var (output, values) in objective.Scores(module, Rows(_features)))
        {
            var expected = values.data<float>().ToArray();
            _greatestScore = Math.Max(_greatestScore, Math.Abs(TensorPrimitives.MaxMagnitude<float>(expected.AsSpan(0, _filled * expected.Length / _rowsAtOnce))));
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

    private TorchSharp.torch.Tensor Rows(float[] features) => tensor(features, [_rowsAtOnce, scorer.Width]);

    /// <summary>Keeps the greatest difference; a NaN stays, nothing is greater than it.</summary>
    private void Note(double difference, long row)
    {
        if (double.IsNaN(_greatest) || (difference <= _greatest && _greatestRow > 0))
            return;
        (_greatest, _greatestRow) = (difference, row);
    }
}
