using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// An output of an ONNX file, a vector of one, as a scalar column of its name. A saved model names the class of the type by its contract; ML.NET finds
/// it again when the model is loaded.
/// </summary>
internal abstract class ScalarUnwrapper<T> : CustomMappingFactory<ScalarUnwrapper<T>.Vector, ScalarUnwrapper<T>.Scalar>, IScalarUnwrapper
{
    private const string Column = ScoreColumns.Own + "Scalar.Vector";
    private const string Value = ScoreColumns.Own + "Scalar.Value";

    protected abstract string Contract { get; }

    public override Action<Vector, Scalar> GetMapping() => (vector, scalar) => scalar.Value = vector.Value.GetValues()[0];

    /// <summary><c>output (a vector of one) → a name of ours → a scalar → the output's name again; temporary columns dropped</c></summary>
    public IEnumerable<ITransformer> Fit(MLContext context, IDataView scored, string output)
    {
        var name = context.Transforms.CopyColumns(Column, output).Fit(scored);
        var named = name.Transform(scored);
        var unwrap = context.Transforms.CustomMapping(GetMapping(), Contract).Fit(named);
        var unwrapped = unwrap.Transform(named);
        var rename = context.Transforms.CopyColumns(output, Value).Fit(unwrapped);
        var drop = context.Transforms.DropColumns(Column, Value).Fit(rename.Transform(unwrapped));
        return [name, unwrap, rename, drop];
    }

    internal sealed class Vector
    {
        [ColumnName(Column), VectorType(1)]
        public VBuffer<T> Value { get; set; }
    }

    internal sealed class Scalar
    {
        [ColumnName(ScalarUnwrapper<T>.Value)]
        public T Value { get; set; } = default!;
    }
}
