using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Moves over scored rows. It reads a batch of input rows ahead, keeps the values of the columns that were asked for, and scores the
/// batch by one call; then it deals the rows out. Buffers are made once.
/// </summary>
internal sealed class ScoringCursor : DataViewRowCursor
{
    /// <summary>Rows that are scored by one call, fewer where they are wide.</summary>
    public const int MostRowsAtOnce = 128;

    private readonly DataViewRowCursor _input;
    private readonly DataViewSchema _schema;
    private readonly DeepNetworkTransformer _transformer;
    private readonly NeededColumns _needed;
    private readonly ScoreColumns _columns;
    private readonly ColumnBuffer?[] _passed;
    private readonly DataViewRowId[] _ids = new DataViewRowId[MostRowsAtOnce];
    private readonly long[] _batches = new long[MostRowsAtOnce];
    private readonly ValueGetter<DataViewRowId> _readId;
    private readonly ValueGetter<VBuffer<float>>? _readFeatures;
    private readonly OnnxScorer.Batch? _batch;
    private readonly FeatureVector.Place? _place;
    private VBuffer<float> _features;
    private readonly RowInBatch _row = new() { Index = -1 };
    private readonly int _rowsAtOnce = MostRowsAtOnce;
    private int _filled;
    private long _position = -1;

    public ScoringCursor(DeepNetworkTransformer transformer, DataViewSchema schema, DataViewRowCursor input, NeededColumns needed)
    {
        (_input, _schema, _needed, _columns) = (input, schema, needed, transformer.Objective.Columns);
        _transformer = transformer;
        _readId = input.GetIdGetter();
        if (needed.Scores)
            _rowsAtOnce = transformer.Scorer.RowsAtOnce(MostRowsAtOnce);
        _passed = new ColumnBuffer?[input.Schema.Count];
        foreach (var column in input.Schema)
            if (needed.Active[column.Index])
                _passed[column.Index] = ColumnBuffer.Create(input, column, _rowsAtOnce);
        if (needed.Scores)
        {
            _readFeatures = transformer.Features.In(input.Schema).Getter(input);
            _batch = new OnnxScorer.Batch(transformer.Scorer, _rowsAtOnce);
            _place = length => _batch.Features(_filled, length);
        }
    }

    public override long Position => _position;

    public override long Batch => _batches[Math.Max(_row.Index, 0)];

    public override DataViewSchema Schema => _schema;

    public override bool IsColumnActive(DataViewSchema.Column column) => _needed.Active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[_row.Index];

    public override bool MoveNext()
    {
        if (++_row.Index >= _filled && !ReadBatch())
        {
            _position = -1;
            return false;
        }
        _position++;
        return true;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' was not asked for when the cursor was made.");
        var getter = column.Index < _passed.Length
            ? _passed[column.Index]!.Getter(_row)
            : _columns.Getter(column.Name, _batch!, _row);
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' is of type {column.Type}; it cannot be read as {typeof(TValue)}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _batch?.Dispose();
            _input.Dispose();
        }
        base.Dispose(disposing);
    }

    private bool ReadBatch()
    {
        (_row.Index, _filled) = (0, 0);
        while (_filled < _rowsAtOnce && _input.MoveNext())
        {
            _readId(ref _ids[_filled]);
            _batches[_filled] = _input.Batch;
            foreach (var column in _passed)
                column?.Read(_filled);
            if (_readFeatures is not null)
            {
                _readFeatures(ref _features);
                FeatureVector.CopyTo(_features, _place!, _transformer, _input.Position + 1);
            }
            _filled++;
        }
        if (_filled > 0)
            _batch?.Run();
        return _filled > 0;
    }
}
