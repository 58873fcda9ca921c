namespace Sunspots;

/// <summary>A linear autoregression, x_t = c + Σ a_i·x_{t−i}, i = 1…p, by least squares.</summary>
internal sealed class Autoregression
{
    private readonly double[] _weights;

    /// <param name="series">Values in order.</param>
    /// <param name="order">p, at least 1.</param>
    /// <param name="end">The first value that it does not learn from.</param>
    public Autoregression(double[] series, int order, int end)
    {
        var unknowns = order + 1;
        var normal = new double[unknowns, unknowns + 1];
        for (var t = order; t < end; t++)
        {
            var row = Regressors(series, t, order);
            for (var i = 0; i < unknowns; i++)
            {
                for (var j = 0; j < unknowns; j++)
                    normal[i, j] += row[i] * row[j];
                normal[i, unknowns] += row[i] * series[t];
            }
        }
        _weights = Solve(normal, unknowns);
    }

    /// <summary>What it expects at a place, from the values before it.</summary>
    public double Predict(double[] series, int at) => Regressors(series, at, _weights.Length - 1).Zip(_weights, (x, weight) => x * weight).Sum();

    private static double[] Regressors(double[] series, int at, int order) => [1, .. Enumerable.Range(1, order).Select(lag => series[at - lag])];

    /// <summary>Gauss and Jordan's elimination; the normal equations of such a series have no small pivots.</summary>
    private static double[] Solve(double[,] equations, int unknowns)
    {
        for (var pivot = 0; pivot < unknowns; pivot++)
            for (var i = 0; i < unknowns; i++)
            {
                if (i == pivot)
                    continue;
                var factor = equations[i, pivot] / equations[pivot, pivot];
                for (var j = pivot; j <= unknowns; j++)
                    equations[i, j] -= factor * equations[pivot, j];
            }
        return [.. Enumerable.Range(0, unknowns).Select(i => equations[i, unknowns] / equations[i, i])];
    }
}
