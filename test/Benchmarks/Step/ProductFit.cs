using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;

namespace Step;

/// <summary>The same by the trainer, from its second epoch on: with all diagnostics that are on by default, or without any.</summary>
internal sealed class ProductFit
{
    private readonly Case _case;
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _data;

    public ProductFit(Case @case)
    {
        _case = @case;
        var random = new Random(1);
        var width = @case.Features;
        var rows = Enumerable.Range(0, @case.Rows).Select(_ => new Row
        {
            Features = [.. Enumerable.Range(0, width).Select(_ => random.NextSingle() - 0.5f)],
            Label = (uint)random.Next(Case.Classes),
        }).ToArray();
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
        schema[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), Case.Classes);
        _data = _ml.Data.LoadFromEnumerable(rows, schema);
    }

    /// <summary>The share of the last fit's training that it says itself it spent on diagnostics of every step.</summary>
    public double DiagnosticsShare { get; private set; }

    public Cost Run(int threads, bool diagnoses)
    {
        var ends = new EpochEnds();
        using var model = _ml.MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options
        {
            Network = _case.Network,
            Optimizer = Optimizer.Adam(),
            Schedule = LearningRateSchedule.Constant,
            LabelSmoothing = 0,
            BatchSize = _case.Batch,
            Epochs = 1 + (int)Math.Ceiling((double)_case.Steps * _case.Batch / _case.Rows),
            Seed = 1,
            Threads = threads,
            Detectors = diagnoses ? Detector.All : [],
            StatisticsInterval = diagnoses ? 16 : int.MaxValue,
            Stability = StabilityPolicy.Warn,
            Progress = ends,
        }).Fit(_data);
        DiagnosticsShare = model.Model.Summary.DiagnosticsCost.EveryStep / model.Model.Summary.Duration;
        return (ends.Last.Cost - ends.First.Cost) / (ends.Last.Step - ends.First.Step);
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public uint Label { get; set; }
    }

    private sealed class EpochEnds : IProgress<TrainingProgress>
    {
        public (Cost Cost, long Step) First { get; private set; }

        public (Cost Cost, long Step) Last { get; private set; }

        public void Report(TrainingProgress progress)
        {
            if (progress.Finding is not null)
                return;
            Last = (Cost.Now(), progress.Step);
            if (First.Step == 0)
                First = Last;
        }
    }
}
