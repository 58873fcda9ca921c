namespace Microsoft.ML.GradientStability;

/// <summary>The gradient of one layer at one step.</summary>
/// <param name="Layer">The layer and its widths, such as <c>hidden layer 12 of 30 (64→64)</c>.</param>
/// <param name="Norm">The L2 norm of the raw gradient of all its parameters, before clipping.</param>
public readonly record struct LayerGradient(string Layer, double Norm);
