using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Onnx;

namespace Microsoft.ML;

/// <summary>What loads the models of each signature.</summary>
internal static class ModelLoaders
{
    private static readonly Dictionary<string, Func<IHostEnvironment, ModelLoadContext, object>> Table = new()
    {
        [TransformerChain.LoaderSignature] = TransformerChain.Load,
        [ColumnConcatenatingTransformer.LoaderSignature] = ColumnConcatenatingTransformer.Load,
        [ColumnCopyingTransformer.LoaderSignature] = ColumnCopyingTransformer.Load,
        [ColumnSelectingTransformer.LoaderSignature] = ColumnSelectingTransformer.Load,
        [CustomMappingModel.LoaderSignature] = CustomMappingModel.Load,
        [KeyToValueMappingTransformer.LoaderSignature] = KeyToValueMappingTransformer.Load,
        [KeyToVectorMappingTransformer.LoaderSignature] = KeyToVectorMappingTransformer.Load,
        [MissingValueIndicatorTransformer.LoaderSignature] = MissingValueIndicatorTransformer.Load,
        [MissingValueReplacingTransformer.LoaderSignature] = MissingValueReplacingTransformer.Load,
        [NormalizingTransformer.LoaderSignature] = NormalizingTransformer.Load,
        [OnnxTransformer.LoaderSignature] = OnnxTransformer.Load,
        [TypeConvertingTransformer.LoaderSignature] = TypeConvertingTransformer.Load,
        [ValueMappingTransformer.LoaderSignature] = ValueMappingTransformer.Load,
        [ValueToKeyMappingTransformer.LoaderSignature] = ValueToKeyMappingTransformer.Load,
    };

    public static object Load(IHostEnvironment env, ModelLoadContext ctx) => Table.TryGetValue(ctx.LoaderSignature, out var load)
        ? load(env, ctx)
        : throw Contracts.ExceptDecode($"Unknown loader signature '{ctx.LoaderSignature}'");
}
