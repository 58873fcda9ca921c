using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The reconstruction error of an autoencoder's ONNX file, a vector of one, as a scalar. A saved model names this class by its
/// contract; ML.NET finds it again when the model is loaded.
/// </summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class ErrorUnwrapper : CustomMappingFactory<ErrorUnwrapper.Vector, ErrorUnwrapper.Scalar>
{
    public const string Contract = "Microsoft.ML.GradientStability.ReconstructionError";
    public const string Column = ScoreColumns.Own + "ReconstructionError.Vector";
    public const string Value = ScoreColumns.Own + "ReconstructionError.Scalar";

    public override Action<Vector, Scalar> GetMapping() => (vector, scalar) => scalar.Error = vector.Error.GetValues()[0];

    internal sealed class Vector
    {
        [ColumnName(Column), VectorType(1)]
        public VBuffer<float> Error { get; set; }
    }

    internal sealed class Scalar
    {
        [ColumnName(Value)]
        public float Error { get; set; }
    }
}
