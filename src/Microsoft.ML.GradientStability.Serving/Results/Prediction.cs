using System.Globalization;
using System.Runtime.InteropServices;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>What a model gave for one row.</summary>
public readonly struct Prediction
{
    private readonly Predictions _all;
    private readonly int _row;

    internal Prediction(Predictions all, int row) => (_all, _row) = (all, row);

    /// <summary>
    /// Why there is no prediction, like <c>Features[3] is NaN</c>; null where there is one. Then <see cref="Label"/> is null, outputs of Single and Double are
    /// NaN, texts null, whole numbers −1, keys (UInt32) 0 as in ML.NET, and Boolean is false.
    /// </summary>
    public string? Missing => _all.Missing(_row);

    /// <summary>Of the model that scored the row.</summary>
    public ModelSchema Schema => _all.Schema;

    /// <summary>
    /// The predicted label as text: the output <c>PredictedLabel</c>, an index by the name of its class where the file has names. Null where the prediction
    /// is missing, and where the model has no such output.
    /// </summary>
    public string? Label
    {
        get
        {
            if (_all.Label < 0 || Missing is not null)
                return null;
            var column = _all.Layout.Columns[_all.Label];
            return column.Type switch
            {
                ColumnType.Text => _all.Layout.Text(_all.Texts, _row, _all.Label)[0],
                ColumnType.Boolean => Values<bool>(column.Name)[0] ? bool.TrueString : bool.FalseString,
                ColumnType.Int64 => ClassName(Values<long>(column.Name)[0]),
                ColumnType.Int32 => Values<int>(column.Name)[0].ToString(CultureInfo.InvariantCulture),
                ColumnType.UInt32 => Values<uint>(column.Name)[0].ToString(CultureInfo.InvariantCulture),
                _ => null,
            };
        }
    }

    /// <summary>The output <c>Score</c> of Single.</summary>
    /// <exception cref="ArgumentException">The model has no such output.</exception>
    public ReadOnlySpan<float> Score => Values<float>("Score");

    /// <summary>The values of an output.</summary>
    /// <exception cref="ArgumentException">There is no such output, or it holds another type.</exception>
    public ReadOnlySpan<T> Values<T>(string output) where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(_all.Layout.Numbers(_all.Numbers, _row, Require(output, typeof(T))));

    /// <summary>The values of an output of text.</summary>
    /// <exception cref="ArgumentException">There is no such output, or it is none of text.</exception>
    public ReadOnlySpan<string?> Texts(string output) => _all.Layout.Text(_all.Texts, _row, Require(output, typeof(string)));

    private string ClassName(long index) =>
        Schema.Classes is { } classes && index >= 0 && index < classes.Count ? classes[(int)index] : index.ToString(CultureInfo.InvariantCulture);

    private int Require(string output, Type type)
    {
        var layout = _all.Layout;
        var column = layout.Require(output, "output");
        return layout.Columns[column].Type.Clr() == type
            ? column
            : throw new ArgumentException($"The output {layout.Columns[column]} holds {layout.Columns[column].Type.Clr().Name}, not {type.Name}.", nameof(output));
    }
}
