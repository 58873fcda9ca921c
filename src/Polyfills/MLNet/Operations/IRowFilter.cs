namespace Microsoft.ML.Data;

/// <summary>Judges the row where a cursor stands.</summary>
internal interface IRowFilter
{
    bool Accepts();

    /// <summary>The getter of a column whose value the filter has at hand, so that it need not be computed twice.</summary>
    Delegate? GetterOf(DataViewSchema.Column column) => null;
}
