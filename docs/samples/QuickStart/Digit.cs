using Microsoft.ML.Data;

namespace QuickStart;

/// <summary>A row of digits.csv.</summary>
internal sealed class Digit
{
    [LoadColumn(0, 63), VectorType(64)]
    public float[] Pixels { get; set; } = [];

    [LoadColumn(64)]
    public string Label { get; set; } = "";
}

/// <summary>What the model says of it.</summary>
internal sealed class Prediction
{
    public string Digit { get; set; } = "";

    public float[] Score { get; set; } = [];
}
