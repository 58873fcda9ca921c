namespace Microsoft.ML.GradientStability;

/// <summary>A part of the flat tensors.</summary>
internal interface IFlatPart
{
    /// <summary>Of its first value.</summary>
    int Offset { get; }

    /// <summary>Values.</summary>
    int Length { get; }
}
