using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>A row with the columns of a deep network added; scored when one of them is first read at a position.</summary>
internal sealed class ScoringRow : DataViewRow
{
    private readonly DataViewRow _input;
    private readonly DataViewSchema _schema;
    private readonly DeepNetworkTransformer _transformer;
    private readonly NeededColumns _needed;
    private readonly ScoreColumns _columns;
    private readonly ValueGetter<VBuffer<float>>? _readFeatures;
    private readonly OnnxScorer.Batch? _batch;
    private readonly FeatureVector.Place? _place;
    private readonly RowInBatch _only = new();
    private VBuffer<float> _features;
    private long _scoredPosition = -1;

    public ScoringRow(DeepNetworkTransformer transformer, DataViewSchema schema, DataViewRow input, NeededColumns needed)
    {
        (_input, _schema, _needed, _columns) = (input, schema, needed, transformer.Objective.Columns);
        _transformer = transformer;
        if (needed.Scores)
        {
            _readFeatures = transformer.Features.In(input.Schema).Getter(input);
            _batch = new OnnxScorer.Batch(transformer.Scorer, 1);
            _place = length => _batch.Features(0, length);
        }
    }

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override DataViewSchema Schema => _schema;

    public override bool IsColumnActive(DataViewSchema.Column column) => _needed.Active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var passed = _input.Schema.Count;
        if (column.Index < passed)
            return _input.GetGetter<TValue>(_input.Schema[column.Index]);
        if (_batch is null)
            throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' was not asked for when the row was made.");

        var read = _columns.Getter(column.Name, _batch, _only) as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' is of type {column.Type}; it cannot be read as {typeof(TValue)}.");
        return (ref TValue value) =>
        {
            Score();
            read(ref value);
        };
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

    private void Score()
    {
        if (_scoredPosition == _input.Position && _scoredPosition >= 0)
            return;
        _readFeatures!(ref _features);
        FeatureVector.CopyTo(_features, _place!, _transformer, _input.Position + 1);
        _batch!.Run();
        _scoredPosition = _input.Position;
    }
}
