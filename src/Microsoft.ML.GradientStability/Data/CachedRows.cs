namespace Microsoft.ML.GradientStability;

/// <summary>Rows in memory, row-major, growing by doubling.</summary>
internal sealed class CachedRows(int width, bool weighted)
{
    private float[] _features = [];
    private float[] _targets = [];
    private float[] _weights = [];

    public int Count { get; private set; }

    public int Width => width;

    public ReadOnlyMemory<float> Features => _features.AsMemory(0, Count * width);

    public ReadOnlyMemory<float> Targets => _targets.AsMemory(0, Count);

    /// <summary>None where all rows weigh the same.</summary>
    public ReadOnlyMemory<float>? Weights => weighted ? _weights.AsMemory(0, Count) : default(ReadOnlyMemory<float>?);

    /// <summary>Whether so many rows fit a budget of bytes, here and once more as tensors, and the arrays they grow in.</summary>
    public static bool Fit(long rows, int width, long memoryBudget) =>
        2.0 * rows * sizeof(float) * (width + 2) <= memoryBudget && 2.0 * rows * width <= Array.MaxLength;

    public void Add(ReadOnlySpan<float> features, float target, float weight)
    {
        if (Count == _targets.Length)
        {
            var capacity = Math.Max(256, checked(2 * Count));
            Array.Resize(ref _features, checked(capacity * width));
            Array.Resize(ref _targets, capacity);
            if (weighted)
                Array.Resize(ref _weights, capacity);
        }
        features.CopyTo(_features.AsSpan(Count * width, width));
        _targets[Count] = target;
        if (weighted)
            _weights[Count] = weight;
        Count++;
    }
}
