using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Trainers;

/// <summary>Cross-validation by ML.NET itself, seen and ended from outside.</summary>
[TestClass]
public sealed class CrossValidationTests
{
    private static readonly MLContext s_ml = new(seed: 1);

    private sealed class Watch(Action<TrainingProgress> seen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => seen(value);
    }

    private static IEstimator<ITransformer> Pipeline(DeepNetworkMulticlassTrainer.Options options) =>
        s_ml.Transforms.Conversion.MapValueToKey("Label").Append(s_ml.MulticlassClassification.Trainers.DeepNetwork(options));

    private static IDataView Rows() => s_ml.Data.LoadFromEnumerable(Samples.Clusters());

    [TestMethod]
    public void Progress_and_log_name_the_fold()
    {
        var (folds, lines) = (new List<string?>(), new List<string>());
        void Log(object? sender, LoggingEventArgs e) => lines.Add(e.Message);
        var options = Samples.Small();
        options.Progress = new Watch(progress => folds.Add(progress.Fold));
        s_ml.Log += Log;
        s_ml.MulticlassClassification.CrossValidate(Rows(), Pipeline(options), numberOfFolds: 4);
        s_ml.Log -= Log;
        CollectionAssert.AreEqual(new[] { "fold 1 of 4", "fold 2 of 4", "fold 3 of 4", "fold 4 of 4" }, folds.Distinct().ToArray());
        Assert.IsTrue(lines.Exists(line => line.Contains("fold 3 of 4  epoch ", StringComparison.Ordinal)));
        Assert.IsTrue(lines.Exists(line => line.Contains("fold 4 of 4: ", StringComparison.Ordinal) && line.Contains("rows a second", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_fit_alone_and_one_of_a_split_are_no_fold()
    {
        var options = Samples.Small();
        var folds = new List<string?>();
        options.Progress = new Watch(progress => folds.Add(progress.Fold));
        Pipeline(options).Fit(Rows());
        foreach (var share in new[] { 0.1, 0.2, 0.5 })
            Pipeline(options).Fit(s_ml.Data.TrainTestSplit(Rows(), share).TrainSet);
        CollectionAssert.AreEqual(new string?[] { null }, folds.Distinct().ToArray());
    }

    [TestMethod]
    public void A_split_before_or_within_changes_no_fold()
    {
        var options = Samples.Small();
        var folds = new List<string?>();
        options.Progress = new Watch(progress => folds.Add(progress.Fold));
        s_ml.MulticlassClassification.CrossValidate(s_ml.Data.TrainTestSplit(Rows(), 0.2).TrainSet, Pipeline(options), numberOfFolds: 2);
        Pipeline(options).Fit(s_ml.Data.TrainTestSplit(s_ml.Data.CrossValidationSplit(Rows(), 5)[2].TrainSet, 0.2).TrainSet);
        CollectionAssert.AreEqual(new[] { "fold 1 of 2", "fold 2 of 2", "fold 3 of 5" }, folds.Distinct().ToArray());
    }

    [TestMethod]
    public void A_token_ends_the_whole_of_it()
    {
        using var source = new CancellationTokenSource();
        var options = Samples.Small();
        var folds = new HashSet<string?>();
        options.CancellationToken = source.Token;
        options.Progress = new Watch(progress =>
        {
            if (folds.Add(progress.Fold) && folds.Count == 2)
                source.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => s_ml.MulticlassClassification.CrossValidate(Rows(), Pipeline(options), numberOfFolds: 4));
        CollectionAssert.AreEquivalent(new[] { "fold 1 of 4", "fold 2 of 4" }, folds.ToArray());
    }
}
