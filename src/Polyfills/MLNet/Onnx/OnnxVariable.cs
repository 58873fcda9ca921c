using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>An input or output of a model. A row is a batch of one, so an open first dimension is 1; another open dimension is 0.</summary>
internal sealed record OnnxVariable(string Name, PrimitiveDataViewType ItemType, int[] Shape)
{
    /// <param name="dimensions">As the file declares them, an open one being 0 or less.</param>
    public static OnnxVariable Of(string name, NodeMetadata metadata, int[] dimensions)
    {
        Contracts.CheckParam(metadata.IsTensor, nameof(name),
            $"Unsupported ONNX variable type {metadata.OnnxValueType} of '{name}': only tensors are supported.");
        int[] shape = [.. dimensions.Select((size, axis) => size > 0 ? size : axis == 0 ? 1 : 0)];
        return new(name, DataViewTypeExtensions.PrimitiveTypeFromType(metadata.ElementType), shape);
    }

    public bool IsScalar => Shape.Length == 0;

    public DataViewType Type => IsScalar ? ItemType
        : Shape.Contains(0) ? new VectorDataViewType(ItemType)
        : new VectorDataViewType(ItemType, Shape);
}
