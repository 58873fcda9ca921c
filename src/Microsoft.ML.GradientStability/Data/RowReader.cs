using System.Numerics.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Moves over the rows of a data view and gives features, target and weight of each; passes over rows of weight 0, and refuses rows
/// that no network can learn from, naming row and slot.
/// </summary>
internal sealed class RowReader : IDisposable
{
    private readonly BoundColumns _columns;
    private readonly DataViewRowCursor _cursor;
    private readonly ValueGetter<VBuffer<float>> _features;
    private readonly Func<float>? _target;
    private readonly ValueGetter<float>? _weight;
    private VBuffer<float> _row;

    public RowReader(IDataView data, BoundColumns columns)
    {
        _columns = columns;
        DataViewSchema.Column?[] needed = [columns.Features, columns.Label, columns.Weight];
        _cursor = data.GetRowCursor(needed.OfType<DataViewSchema.Column>());
        _features = _cursor.GetGetter<VBuffer<float>>(columns.Features);
        _target = columns.Label is { } label ? columns.Labels!.Open(_cursor, label) : null;
        _weight = columns.Weight is { } weight ? _cursor.GetGetter<float>(weight) : null;
    }

    /// <summary>The number of the current row in the data, from 1.</summary>
    public long Row { get; private set; }

    /// <summary>The number of the current row among those that count, from 0.</summary>
    public long Index { get; private set; } = -1;

    /// <summary>Of the current row; 0 without a label column.</summary>
    public float Target { get; private set; }

    /// <summary>Of the current row; 1 without a weight column.</summary>
    public float Weight { get; private set; } = 1;

    /// <summary>Moves to the next row that counts; <see langword="false"/> at the end.</summary>
    /// <exception cref="InvalidOperationException">The row has no usable weight.</exception>
    public bool MoveNext()
    {
        do
        {
            if (!_cursor.MoveNext())
                return false;
            Row++;
            ReadWeight();
        }
        while (Weight == 0);
        Index++;
        return true;
    }

    /// <summary>Reads the current row; its features go to <paramref name="features"/>.</summary>
    /// <exception cref="InvalidOperationException">The row has a feature that is not finite, or no label.</exception>
    public void Read(Span<float> features)
    {
        _features(ref _row);
        if (_row.Length != features.Length)
            throw new InvalidOperationException(
                $"{_columns.Where}Row {Row} has {_row.Length} values in column '{_columns.Features.Name}', whose type says {features.Length}. Mend the transform that makes the column.");
        _row.CopyTo(features);
        if (!float.IsFinite(TensorPrimitives.MaxMagnitude<float>(features)))
            throw NotFinite(features);
        if (_target is not null)
        {
            Target = _target();
            if (!float.IsFinite(Target))
                throw new InvalidOperationException(
                    $"{_columns.Where}Row {Row} has {(float.IsNaN(Target) ? "no label" : _columns.Labels!.Describe(Target))} in column '{_columns.Label!.Value.Name}'. "
                    + "Remove such rows, or give them a label.");
        }
    }

    public void Dispose() => _cursor.Dispose();

    private void ReadWeight()
    {
        if (_weight is null)
            return;
        var weight = 0f;
        _weight(ref weight);
        Weight = float.IsFinite(weight) && weight >= 0
            ? weight
            : throw new InvalidOperationException(
                $"{_columns.Where}Row {Row} has the weight {weight} in column '{_columns.Weight!.Value.Name}'. A weight is a finite number of at least 0; 0 leaves a row out.");
    }

    private InvalidOperationException NotFinite(ReadOnlySpan<float> features)
    {
        var slot = 0;
        while (float.IsFinite(features[slot]))
            slot++;
        return new InvalidOperationException(
            $"{_columns.Where}Row {Row} has the value {features[slot]} in {SlotNames.Of(_columns.Features, [slot]).Single()} of column '{_columns.Features.Name}'. A network needs finite features: "
            + SchemaAdvice.ToFinite(_columns.Features.Name, features[slot]));
    }
}
