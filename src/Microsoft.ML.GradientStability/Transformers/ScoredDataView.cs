using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Data with the columns of a deep network added; scored while a cursor moves over it. It is made by <see cref="InternalInterface.OnnxConversion"/>, so
/// that ML.NET's ONNX converter asks it for its nodes, and does not write a file that begins behind the network.
/// </summary>
internal class ScoredDataView(DeepNetworkTransformer transformer, IDataView input) : IDataView, ICanSaveModel
{
    public DataViewSchema Schema { get; } = transformer.GetOutputSchema(input.Schema);

    public bool CanShuffle => input.CanShuffle;

    /// <summary>The data in front of the network.</summary>
    internal IDataView Source => input;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = NeededColumns.Of(columnsNeeded, input.Schema, transformer);
        return Cursor(input.GetRowCursor(needed.OfInput, rand), needed);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var needed = NeededColumns.Of(columnsNeeded, input.Schema, transformer);
        return [.. input.GetRowCursorSet(needed.OfInput, n, rand).Select(cursor => Cursor(cursor, needed))];
    }

    /// <summary>Data are not saved with a model; ML.NET's interface for views asks for it all the same.</summary>
    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)transformer).Save(ctx);

    /// <summary>What the converter asks.</summary>
    /// <exception cref="NotSupportedException">Always; the message says what to call.</exception>
    internal bool CanSaveOnnx(object context) => throw NoConversion();

    /// <summary>What the converter would ask then.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    internal void SaveAsOnnx(object context) => throw NoConversion();

    private static NotSupportedException NoConversion() => new(
        "ConvertToOnnx knows ML.NET's own transforms only, and would write a file without the deep network. Call mlContext.Model.SaveAsOnnx(pipeline, data, path), which writes the whole pipeline, or model.SaveAsOnnx(path, data) for the network alone.");

    private DataViewRowCursor Cursor(DataViewRowCursor source, NeededColumns needed) => new ScoringCursor(transformer, Schema, source, needed);
}
