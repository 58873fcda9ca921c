using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>Rows for one step; the dispose scope of the step owns the tensors.</summary>
/// <param name="Features">rows × width; a sparse tensor in coordinates where the source was asked for such.</param>
/// <param name="Targets">rows, of the type that the objective asks for.</param>
/// <param name="Weights">rows; none where all rows weigh the same.</param>
internal readonly record struct Batch(Tensor Features, Tensor Targets, Tensor? Weights);
