using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The outputs of a binary model's ONNX file, vectors of one, as the scalar columns of ML.NET. A saved model names this class by its
/// contract; ML.NET finds it again when the model is loaded.
/// </summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class BinaryUnwrapper : CustomMappingFactory<BinaryUnwrapper.Vectors, BinaryUnwrapper.Scalars>
{
    public const string Contract = "Microsoft.ML.GradientStability.Binary";

    public override Action<Vectors, Scalars> GetMapping() => (vectors, scalars) =>
    {
        scalars.Score = vectors.Score.GetValues()[0];
        scalars.Probability = vectors.Probability.GetValues()[0];
        scalars.PredictedLabel = scalars.Score > 0;
    };

    internal sealed class Vectors
    {
        [VectorType(1)]
        public VBuffer<float> Score { get; set; }

        [VectorType(1)]
        public VBuffer<float> Probability { get; set; }
    }

    internal sealed class Scalars
    {
        public bool PredictedLabel { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }
    }
}
