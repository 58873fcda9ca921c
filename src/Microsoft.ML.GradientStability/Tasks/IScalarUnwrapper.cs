using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Makes a scalar column of an output of an ONNX file.</summary>
internal interface IScalarUnwrapper
{
    /// <summary>Official transformers that do so.</summary>
    /// <param name="context">Whose transforms they are.</param>
    /// <param name="scored">Data with the output, a vector of one.</param>
    /// <param name="output">Its name.</param>
    IEnumerable<ITransformer> Fit(MLContext context, IDataView scored, string output);

    /// <summary>For a type of values.</summary>
    static IScalarUnwrapper Of(DataViewType type) => type switch
    {
        TextDataViewType => new TextUnwrapper(),
        BooleanDataViewType => new BooleanUnwrapper(),
        _ when type.RawType == typeof(double) => new DoubleUnwrapper(),
        _ when type.RawType == typeof(int) => new Int32Unwrapper(),
        _ when type.RawType == typeof(long) => new Int64Unwrapper(),
        _ when type.RawType == typeof(uint) => new UInt32Unwrapper(),
        _ => new SingleUnwrapper(),
    };
}
