using System.Runtime.InteropServices;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>What a model gave for the rows of one call, in their order.</summary>
public sealed class Predictions
{
    private readonly ModelShape _model;
    private string?[]? _missing;

    internal Predictions(ModelShape model, int rows)
    {
        (_model, Count) = (model, rows);
        Numbers = new byte[checked(rows * Layout.Bytes)];
        Texts = Layout.Texts > 0 ? new string?[checked(rows * Layout.Texts)] : [];
    }

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>Of the model that scored them, which a reload may have replaced since.</summary>
    public ModelSchema Schema => _model.Schema;

    /// <summary>The prediction of one row, from 0.</summary>
    public Prediction this[int row]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(row);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
            return new(this, row);
        }
    }

    internal RowLayout Layout => _model.Outputs;

    internal int Label => _model.Label;

    internal byte[] Numbers { get; }

    internal string?[] Texts { get; }

    internal string? Missing(int row) => _missing?[row];

    /// <summary>Rows without a prediction.</summary>
    internal int MissingRows { get; private set; }

    internal void SetMissing(int row, string why)
    {
        for (var i = 0; i < Layout.Columns.Length; i++)
            if (Layout.Columns[i].Type == ColumnType.Text)
                Layout.Text(Texts, row, i).Clear();
            else
                FillMissing(Layout.Columns[i].Type, Layout.Numbers(Numbers, row, i));
        // Two runs may each hold a part of the rows.
        lock (Numbers)
        {
            _missing ??= new string?[Count];
            MissingRows++;
        }
        _missing[row] = why;
    }

    private static void FillMissing(ColumnType type, Span<byte> values)
    {
        switch (type)
        {
            case ColumnType.Single:
                MemoryMarshal.Cast<byte, float>(values).Fill(float.NaN);
                break;
            case ColumnType.Double:
                MemoryMarshal.Cast<byte, double>(values).Fill(double.NaN);
                break;
            case ColumnType.Int32 or ColumnType.Int64:
                values.Fill(0xFF); // −1
                break;
            default:
                values.Clear();
                break;
        }
    }
}
