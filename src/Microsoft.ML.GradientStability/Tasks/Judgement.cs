using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>How a batch was judged.</summary>
/// <param name="Loss">Its mean loss.</param>
/// <param name="Correct">Whether each row, or each step that has a label, is classified correctly; <see langword="null"/> where there are no classes.</param>
/// <param name="Targets">The classes of the same.</param>
/// <param name="Weights">Their weights; <see langword="null"/> where all weigh the same.</param>
internal readonly record struct Judgement(Tensor Loss, Tensor? Correct = null, Tensor? Targets = null, Tensor? Weights = null);
