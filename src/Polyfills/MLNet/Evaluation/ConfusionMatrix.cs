namespace Microsoft.ML.Data;

public sealed class ConfusionMatrix
{
    private readonly IReadOnlyList<ReadOnlyMemory<char>> _classNames;
    private readonly bool _isBinary;
    private string? _formatted;

    internal ConfusionMatrix(double[][] counts, IReadOnlyList<ReadOnlyMemory<char>> classNames, bool isBinary = false)
    {
        (_classNames, _isBinary) = (classNames, isBinary);
        Counts = Array.AsReadOnly<IReadOnlyList<double>>([.. counts.Select(Array.AsReadOnly)]);
        PerClassRecall = [.. counts.Select((row, i) => Share(row[i], row.Sum()))];
        PerClassPrecision = [.. counts.Select((row, i) => Share(row[i], counts.Sum(truth => truth[i])))];
    }

    public IReadOnlyList<double> PerClassPrecision { get; }

    public IReadOnlyList<double> PerClassRecall { get; }

    /// <summary>A row a true class, a column a predicted class.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    public int NumberOfClasses => Counts.Count;

    public string GetFormattedConfusionTable() => _formatted ??= ConfusionTableFormat.Format(this, _classNames, _isBinary);

    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex) =>
        Counts[Check(actualClassIndicatorIndex, nameof(actualClassIndicatorIndex))]
            [Check(predictedClassIndicatorIndex, nameof(predictedClassIndicatorIndex))];

    private int Check(int index, string parameter) => index >= 0 && index < NumberOfClasses
        ? index
        : throw new ArgumentOutOfRangeException(parameter, $"A class index lies between 0 and {NumberOfClasses - 1}; {index} does not.");

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;
}
