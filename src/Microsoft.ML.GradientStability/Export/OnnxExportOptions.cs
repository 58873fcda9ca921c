namespace Microsoft.ML.GradientStability;

/// <summary>How a pipeline is written as an ONNX file.</summary>
public sealed class OnnxExportOptions
{
    /// <summary>
    /// Columns at which the file begins, in place of the columns of the data that they are made of; others stay inputs as they are. So a pipeline is
    /// written from behind a transform that has no form in ONNX. Default: none, the file takes the columns of the data.
    /// </summary>
    public IReadOnlyList<string> InputColumns
    {
        get;
        set => field = Check.AllNotNull(value, nameof(InputColumns));
    } = [];

    /// <summary>
    /// Columns that the file gives, each of them one of the pipeline's. Default: none named, which means all that deep networks make, and what the
    /// pipeline makes of that.
    /// </summary>
    public IReadOnlyList<string> OutputColumns
    {
        get;
        set => field = Check.AllNotNull(value, nameof(OutputColumns));
    } = [];

    /// <summary>
    /// The greatest difference between file and pipeline that is accepted, above 0, relative to the spread of each output; and the greatest share of rows
    /// whose label may be another. Default <see langword="null"/>: that of the <see cref="Precision"/>.
    /// </summary>
    public double? Tolerance
    {
        get;
        set => field = value is { } tolerance ? Check.Positive(tolerance, nameof(Tolerance)) : null;
    }

    /// <summary>The numbers that the matrices of the networks are kept in. Default <see cref="OnnxPrecision.Single"/>; from another one, training cannot go on.</summary>
    public OnnxPrecision Precision
    {
        get;
        set => field = Check.Defined(value, nameof(Precision));
    }

    /// <summary>
    /// Bytes of constants above which they stand in a file of their own beside the model's, which is called like it with <c>.data</c> behind (ONNX's external data), from 0 to 2,000,000,000,
    /// the default: a file in one piece ends at 2 GiB, graph and metadata with it. <c>LoadFromOnnx</c> reads both where they fit into one piece together; <c>Microsoft.ML.GradientStability.Serving</c> refuses such files.
    /// </summary>
    public long ExternalDataAbove
    {
        get;
        set
        {
            Check.That(value is >= 0 and <= OnnxFile.MostBytes, nameof(ExternalDataAbove), value, $"it must be from 0 to {OnnxFile.MostBytes}");
            field = value;
        }
    } = OnnxFile.MostBytes;

    /// <summary>
    /// Rows of the sample that the file carries with what it gives for them, from 0 to 1,000: whoever serves it can see that it still does. They stand
    /// in the file as they are: 0 where rows are confidential. Default 4.
    /// </summary>
    public int SelfCheckRows
    {
        get;
        set
        {
            Check.That(value is >= 0 and <= 1000, nameof(SelfCheckRows), value, "it must be from 0 to 1000");
            field = value;
        }
    } = 4;
}
