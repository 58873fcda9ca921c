using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The output of a regression's ONNX file, a vector of one, as the scalar column of ML.NET. A saved model names this class by its
/// contract; ML.NET finds it again when the model is loaded.
/// </summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class RegressionUnwrapper : CustomMappingFactory<RegressionUnwrapper.Vector, RegressionUnwrapper.Scalar>
{
    public const string Contract = "Microsoft.ML.GradientStability.Regression";

    public override Action<Vector, Scalar> GetMapping() => (vector, scalar) => scalar.Score = vector.Score.GetValues()[0];

    internal sealed class Vector
    {
        [VectorType(1)]
        public VBuffer<float> Score { get; set; }
    }

    internal sealed class Scalar
    {
        public float Score { get; set; }
    }
}
