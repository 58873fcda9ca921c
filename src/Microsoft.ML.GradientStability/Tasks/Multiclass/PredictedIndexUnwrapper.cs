using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The arg-max of the ONNX file, a vector of one per row, as a scalar. A saved model names this class by its contract; ML.NET finds
/// it again when the model is loaded.
/// </summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class PredictedIndexUnwrapper : CustomMappingFactory<PredictedIndexUnwrapper.Vector, PredictedIndexUnwrapper.Scalar>
{
    public const string Contract = "Microsoft.ML.GradientStability.PredictedIndex";
    public const string Index = ScoreColumns.Own + "PredictedLabel.Index";

    public override Action<Vector, Scalar> GetMapping() => (vector, scalar) => scalar.Value = vector.Value.GetValues()[0];

    internal sealed class Vector
    {
        [ColumnName(ScoreColumns.PredictedLabel), VectorType(1)]
        public VBuffer<long> Value { get; set; }
    }

    internal sealed class Scalar
    {
        [ColumnName(Index)]
        public long Value { get; set; }
    }
}
