namespace Microsoft.ML.Data;

/// <summary>What a pass over scored rows adds up, and the metrics that follow from it.</summary>
internal sealed class RegressionCounts
{
    private double _rows, _absolute, _squared, _loss, _labels, _squaredLabels;

    public double MeanAbsoluteError => Mean(_absolute);

    public double MeanSquaredError => Mean(_squared);

    /// <summary>The mean of the squared loss, a function of Single.</summary>
    public double LossFunction => Mean(_loss);

    /// <summary>1 - squared error / squared deviation of the labels from their mean; NaN where the labels do not differ.</summary>
    public double RSquared
    {
        get
        {
            if (_rows == 0)
                return 0;
            var deviation = _squaredLabels - _labels * _labels / _rows;
            return deviation == 0 ? double.NaN : 1 - _squared / deviation;
        }
    }

    public void Add(float label, float score)
    {
        var error = Math.Abs((double)label - score);
        _rows++;
        _absolute += error;
        _squared += error * error;
        _loss += (score - label) * (score - label);
        _labels += label;
        _squaredLabels += label * label;
    }

    private double Mean(double sum) => _rows > 0 ? sum / _rows : 0;
}
