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
    private readonly ValueGetter<VBuffer<float>>? _stepTargets;
    private readonly ValueGetter<float>? _weight;
    private VBuffer<float> _row;
    private VBuffer<float> _formed;
    private VBuffer<float> _labels;
    private VBuffer<float> _joined;
    private float[] _targets = [0];

    public RowReader(IDataView data, BoundColumns columns)
    {
        _columns = columns;
        DataViewSchema.Column?[] targets = [columns.Label, columns.Weight];
        _cursor = data.GetRowCursor(columns.Features.Read.Concat(targets.OfType<DataViewSchema.Column>()));
        _features = columns.Features.Getter(_cursor, columns.Where);
        if (columns is { Label: { } label, Labels: StepLabelReader ofSteps })
            _stepTargets = ofSteps.OpenSteps(_cursor, label);
        else
            _target = columns.Label is { } ofRow ? columns.Labels!.Open(_cursor, ofRow) : null;
        _weight = columns.Weight is { } weight ? _cursor.GetGetter<float>(weight) : null;
    }

    /// <summary>The number of the current row in the data, from 1.</summary>
    public long Row { get; private set; }

    /// <summary>The number of the current row among those that count, from 0.</summary>
    public long Index { get; private set; } = -1;

    /// <summary>Of the current row; 0 without a label column.</summary>
    public float Target { get; private set; }

    /// <summary>Of the steps of the current row, or of the row.</summary>
    public ReadOnlySpan<float> Targets => _targets.AsSpan(0, _stepTargets is null ? 1 : _labels.Length);

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

    /// <summary>Reads the current row and gives its features, as <see cref="RowForm"/> holds them, until the next call.</summary>
    /// <exception cref="InvalidOperationException">The row has a feature that is not finite, or no label.</exception>
    public ref readonly VBuffer<float> Read()
    {
        _features(ref _row);
        _columns.Length.Check(_row.Length, _columns.Features.Main.Name, Row, _columns.Where);
        _columns.Length.RefuseEmpty(_row.Length, _columns.Features.Main.Name, Row, _columns.Where);
        var values = _row.GetValues();
        if (!values.IsEmpty && !float.IsFinite(TensorPrimitives.MaxMagnitude(values)))
            throw NotFinite(values);
        if (_columns.Tokens > 0)
            TokenCheck.Refuse(_row, _columns.Features.Before, _columns.Tokens, _columns.Features.Main.Name, Row, _columns.Where);
        if (_target is not null)
        {
            Target = _targets[0] = _target();
            if (!float.IsFinite(Target))
                throw new InvalidOperationException(
                    $"{_columns.Where}Row {Row} has {(float.IsNaN(Target) ? "no label" : _columns.Labels!.Describe(Target))} in column '{_columns.Label!.Value.Name}'. "
                    + "Remove such rows, or give them a label.");
        }
        ReadStepTargets();
        return ref RowForm.Of(_row, ref _formed, canBeSparse: !_columns.Length.Varies && _stepTargets is null);
    }

    /// <summary>A row that was read as it is kept: its features, and behind those of every step the label of that where there is one.</summary>
    public ref readonly VBuffer<float> Stored(ref readonly VBuffer<float> features)
    {
        if (_stepTargets is null)
            return ref features;
        StepLabels.Join(features, Targets, ref _joined);
        return ref _joined;
    }

    public void Dispose() => _cursor.Dispose();

    private void ReadStepTargets()
    {
        if (_stepTargets is null)
            return;
        _stepTargets(ref _labels);
        var steps = _row.Length / _columns.LabelledStep;
        var column = _columns.Label!.Value.Name;
        if (_labels.Length != steps)
            throw new InvalidOperationException(
                $"{_columns.Where}Row {Row} has {_labels.Length} labels in column '{column}' and {steps} steps in column '{_columns.Features.Name}'. Mend the transforms that make them: every step has a label, a missing one where there is none.");
        if (_targets.Length < steps)
            _targets = new float[steps];
        _labels.CopyTo(_targets);
        var targets = Targets;
        if (targets.IndexOfAnyExcept(float.NaN) < 0)
            throw new InvalidOperationException($"{_columns.Where}Row {Row} has no label at any step in column '{column}'. Remove such rows, or give them labels.");
        for (var step = 0; step < steps; step++)
            if (float.IsInfinity(targets[step]))
                throw new InvalidOperationException($"{_columns.Where}Row {Row} has {_columns.Labels!.Describe(targets[step])} at step {step + 1} of column '{column}'. Remove such rows, or give them labels.");
    }

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

    private InvalidOperationException NotFinite(ReadOnlySpan<float> values)
    {
        var bad = 0;
        while (float.IsFinite(values[bad]))
            bad++;
        var slot = _row.IsDense ? bad : _row.GetIndices()[bad];
        return new InvalidOperationException(
            $"{_columns.Where}Row {Row} has the value {values[bad]} in {_columns.Features.Place(slot)}. A network needs finite features: "
            + SchemaAdvice.ToFinite(_columns.Features.At(slot).Name, values[bad]));
    }
}
