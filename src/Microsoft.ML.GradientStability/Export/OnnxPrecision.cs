namespace Microsoft.ML.GradientStability;

/// <summary>In what numbers the file of a pipeline keeps the matrices of its networks, and multiplies by them. All else is Single.</summary>
public enum OnnxPrecision
{
    /// <summary>As they were trained. Tolerance 1e-4.</summary>
    Single,

    /// <summary>
    /// Float16: half the bytes, 11 binary digits, magnitudes up to 65,504. A runtime without such products, as on most processors, computes them in Single;
    /// graphics cards are faster by them. Tolerance 1e-2.
    /// </summary>
    Half,

    /// <summary>
    /// Whole numbers from −127 to 127: a quarter of the bytes. A matrix has a scale a unit, what it is multiplied with a scale a row, found when the row is
    /// scored, so that no row changes another's score. Tolerance 5e-2.
    /// </summary>
    Int8,
}
