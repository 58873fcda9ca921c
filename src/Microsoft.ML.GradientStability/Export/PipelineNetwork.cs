namespace Microsoft.ML.GradientStability;

/// <summary>A network in the file of a pipeline.</summary>
/// <param name="Scope">What the names of its nodes and constants begin with.</param>
/// <param name="Step">Where it stands.</param>
/// <param name="Transformer">The network.</param>
/// <param name="Metadata">Those of its own file: task, options, training.</param>
internal sealed record PipelineNetwork(string Scope, PipelineStep Step, DeepNetworkTransformer Transformer, IReadOnlyDictionary<string, string> Metadata);
