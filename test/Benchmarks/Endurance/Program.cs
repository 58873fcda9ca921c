// What must not grow, however long a program runs: memory, native tensors, temporary files. 300 fits, one fit of 100,000 steps, 200 saves
// and loads, a million scored rows. The exit code is 0 only if all of it stays flat.
using System.Diagnostics;
using Endurance;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;

// Weight and bias of three linear maps, and the flat tensor that they are views of.
const int ParametersOfAFit = 2 * 3 + 1;

using var folder = new TemporaryFolder();
var ml = new MLContext(seed: 1);
var rows = ml.Data.LoadFromEnumerable(Row.Generate(400).ToArray());
var counted = 0L;
var flat = true;

// Native libraries are loaded and methods compiled before anything is measured.
for (var i = 0; i < 6; i++)
{
    using var fitted = Fit(i, 2);
    using var loaded = (IDisposable)SaveAndLoad(fitted);
    Score(fitted, rows, _ => { });
}

Run("fits", 300, trial =>
{
    for (var done = 1; done <= trial.Times; done++)
    {
        Fit(done, 2).Dispose();
        Take(trial, done);
    }
});

Run("steps of one fit", 100_000, trial =>
{
    // 100 steps an epoch.
    Fit(0, trial.Times / 100, new Watch(trial.Times / 10, step => Take(trial, step, ParametersOfAFit)), trial.Times / 10).Dispose();
});

using (var model = Fit(1, 5))
{
    Run("saves and loads", 200, trial =>
    {
        for (var done = 1; done <= trial.Times; done++)
        {
            var loaded = SaveAndLoad(model);
            Score(loaded, ml.Data.TakeRows(rows, 10), _ => { });
            ((IDisposable)loaded).Dispose();
            Take(trial, done);
        }
    });

    Run("calls of GetDeepNetworkOptions and Fit(data, previous)", 50, trial =>
    {
        for (var done = 1; done <= trial.Times; done++)
        {
            model.GetDeepNetworkOptions();
            Fit(1, 1, previous: model).Dispose();
            Take(trial, done);
        }
    });

    Run("scored rows", 1_000_000, trial =>
        Score(model, ml.Data.LoadFromEnumerable(Row.Generate(trial.Times)), done => Take(trial, done)));
}

Console.WriteLine(flat ? "\nall flat" : "\nNOT FLAT");
return flat ? 0 : 1;

void Run(string name, int times, Action<Trial> body)
{
    var trial = new Trial(name, times);
    var clock = Stopwatch.StartNew();
    body(trial);
    trial.Print(clock.Elapsed);
    flat &= trial.Growth() == "";
}

void Take(Trial trial, int done, int more = 0)
{
    if (trial.IsDue(done))
        trial.Add(Sample.Take(done, counted + more, folder));
}

// The three tasks in turn.
DeepNetworkTransformer Fit(int which, int epochs, IProgress<TrainingProgress>? progress = null, int progressSteps = 0, ITransformer? previous = null)
{
    var fitted = (which % 3) switch
    {
        0 => ml.BinaryClassification.Trainers.DeepNetwork(Options<DeepNetworkBinaryTrainer.Options>("Yes")).Fit(rows, previous),
        1 => ml.MulticlassClassification.Trainers.DeepNetwork(Options<DeepNetworkMulticlassTrainer.Options>("Class")).Fit(rows, previous),
        _ => ml.Regression.Trainers.DeepNetwork(Options<DeepNetworkRegressionTrainer.Options>("Number")).Fit(rows, previous),
    };
    counted += ParametersOfAFit;
    return fitted;

    T Options<T>(string label) where T : SupervisedOptions, new() => new()
    {
        LabelColumnName = label,
        Network = Network.FeedForward(16, 16) with { Normalization = Normalization.None },
        BatchSize = 4,
        Epochs = epochs,
        ValidationFraction = progress is null ? 0.1 : 0,
        Seed = which,
        Progress = progress,
        ProgressSteps = progressSteps,
    };
}

ITransformer SaveAndLoad(ITransformer model)
{
    using var file = new MemoryStream();
    ml.Model.Save(model, rows.Schema, file);
    file.Position = 0;
    return ml.Model.Load(file, out _);
}

void Score(ITransformer model, IDataView data, Action<int> scored)
{
    var view = model.Transform(data);
    var score = view.Schema["Score"];
    using var cursor = view.GetRowCursor([score]);
    var read = score.Type is VectorDataViewType ? Reader<VBuffer<float>>(cursor, score) : Reader<float>(cursor, score);
    for (var done = 1; cursor.MoveNext(); done++)
    {
        read();
        scored(done);
    }
}

static Action Reader<T>(DataViewRow row, DataViewSchema.Column column)
{
    var getter = row.GetGetter<T>(column);
    T value = default!;
    return () => getter(ref value);
}
