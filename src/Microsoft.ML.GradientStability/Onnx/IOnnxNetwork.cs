namespace Microsoft.ML.GradientStability;

/// <summary>A transformer of ours that scores by an ONNX file.</summary>
internal interface IOnnxNetwork
{
    /// <summary>The bytes of the file; not to be changed.</summary>
    byte[] Onnx { get; }
}
