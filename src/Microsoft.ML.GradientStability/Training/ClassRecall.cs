using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>Counts, class by class, how many rows are told right.</summary>
internal sealed class ClassRecall
{
    private readonly List<(long Rows, long Right)> _classes = [];

    /// <param name="targets">rows, the index of a class each.</param>
    /// <param name="right">rows, whether each is told right.</param>
    public void Count(Tensor targets, Tensor right)
    {
        var (classes, correct) = (targets.to(ScalarType.Int64).cpu().data<long>(), right.cpu().data<bool>());
        for (var row = 0; row < classes.Count; row++)
        {
            while (_classes.Count <= classes[row])
                _classes.Add(default);
            var (rows, told) = _classes[(int)classes[row]];
            _classes[(int)classes[row]] = (rows + 1, told + (correct[row] ? 1 : 0));
        }
    }

    /// <summary>The share that is right of each class, by its index; NaN of a class without a row.</summary>
    public double[] OfClasses() => [.. _classes.Select(c => (double)c.Right / c.Rows)];
}
