namespace Microsoft.ML.GradientStability;

/// <summary>What stands before the first layer, written out.</summary>
internal abstract class ForwardPass
{
    /// <summary>Row by row.</summary>
    /// <param name="input">Stays as it is.</param>
    /// <returns>Stays until the next call.</returns>
    public abstract Block Forward(Block input);
}
