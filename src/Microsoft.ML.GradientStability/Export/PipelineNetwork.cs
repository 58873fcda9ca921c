namespace Microsoft.ML.GradientStability;

/// <summary>A network in the file of a pipeline.</summary>
/// <param name="Entry">What the file says of it.</param>
/// <param name="Transformer">The network.</param>
internal sealed record PipelineNetwork(OnnxNetworkEntry Entry, DeepNetworkTransformer Transformer);
