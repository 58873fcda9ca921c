using Microsoft.ML.Data;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.ML.GradientStability.Tests.Docs;

/// <summary>The code of the pages runs; which code that is, <see cref="EveryBlockTests"/> says.</summary>
[TestClass]
[DoNotParallelize]
public sealed class PageTests
{
    private static readonly MLContext s_ml = new(seed: 1);

    [TestMethod]
    public void README_trains_and_saves() => InAFolder(folder =>
    {
        var data = s_ml.Data.LoadFromEnumerable(Samples.Clusters());
        ReadmeSample.Shortest(s_ml, data, data);
        ReadmeSample.Run(s_ml, data, data);
        CollectionAssert.AreEqual(new[] { "model.onnx", "model.zip" }, Directory.GetFiles(folder).Select(Path.GetFileName).Order().ToArray());
        StabilizationSample.Run(s_ml, new DeepNetworkMulticlassTrainer.Options { Clipping = GradientClipper.None });
    });

    [TestMethod]
    public void Sentences_are_told_apart()
    {
        var sentences = Networks.ShapedRows.Sentences();
        Assert.IsGreaterThan(0.9, s_ml.BinaryClassification.Evaluate(SequencesSample.Run(s_ml, sentences).Transform(sentences)).Accuracy);
    }

    [TestMethod]
    public void Words_and_a_number_are_read_together()
    {
        var data = s_ml.Data.LoadFromEnumerable(Trainers.JoinedColumnsTests.Rows(400));
        Assert.IsGreaterThan(0.9, s_ml.BinaryClassification.Evaluate(SequencesSample.Join(s_ml, data).Transform(data)).Accuracy);
    }

    [TestMethod]
    public void Words_are_tagged()
    {
        var data = Tasks.TaggedWords.Load(s_ml);
        var told = SequencesSample.Tag(s_ml, data).Transform(data).GetColumn<string[]>("PredictedLabel").SelectMany(kinds => kinds);
        Assert.IsGreaterThan(0.95, told.Zip(data.GetColumn<string[]>("Kinds").SelectMany(kinds => kinds), (kind, expected) => kind == expected).Average(right => right ? 1.0 : 0));
    }

    [TestMethod]
    public void Saving_writes_a_file() => InAFolder(folder =>
    {
        var data = s_ml.Data.LoadFromEnumerable(Samples.Clusters());
        var model = s_ml.Transforms.Conversion.MapValueToKey("Label").Append(s_ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small())).Fit(data);
        SavingSample.Run(s_ml, model, data);
        Assert.IsTrue(File.Exists("model.onnx"));
    });

    [TestMethod]
    public void A_range_test_sets_the_rate()
    {
        var options = Samples.Small();
        TrainingSample.Run(s_ml.MulticlassClassification.Trainers.DeepNetwork(options), options, Samples.KeyedClusters(s_ml));
        Assert.AreNotEqual(0.001, options.Optimizer.LearningRate);
    }

    [TestMethod]
    public void A_loss_that_is_NaN_is_explained_and_mended()
    {
        var options = Samples.Small();
        options.Network = Network.FeedForward([.. Enumerable.Repeat(32, 30)]) with { Normalization = Normalization.None };
        options.Initializer = Initializer.XavierUniform with { Gain = 6 };
        (options.Clipping, options.Optimizer) = (GradientClipper.None, Optimizer.Sgd(0.1));
        var before = options.ToJson();
        GuideSample.LossIsNaN(s_ml, options, Samples.KeyedClusters(s_ml));
        Assert.AreNotEqual(before, options.ToJson());
        GuideSample.Inspect(s_ml, options, Samples.KeyedClusters(s_ml));
    }

    [TestMethod]
    public void A_network_that_does_not_learn_is_looked_at() => GuideSample.DoesNotLearn(s_ml, Samples.Small(), Samples.KeyedClusters(s_ml));

    [TestMethod]
    public void Rows_are_read_from_a_file() => InAFolder(_ =>
    {
        File.WriteAllLines("rows.csv", Enumerable.Range(0, 400).Select(i => FormattableString.Invariant($"{i % 7},{i % 11},{i % 7 - i % 11 / 2.0}")));
        GuideSample.DoesNotFit(s_ml);
    });

    [TestMethod]
    public void The_options_of_Keras_train() => s_ml.MulticlassClassification.Trainers.DeepNetwork(GuideSample.FromKeras()).Fit(Samples.KeyedClusters(s_ml)).Dispose();

    [TestMethod]
    public void Options_describe_themselves() => Assert.Contains("Clipping", GuideSample.Describe(Samples.Small()));

    [TestMethod]
    public void The_spread_of_members_is_a_column() => Assert.IsTrue(TablesSample.Spread(s_ml, s_ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i =>
        new TablesSample.House { Features = [i % 7, i % 5], Label = i % 7 + i }))).GetColumn<float>("Spread").All(spread => spread > 0));

    [TestMethod]
    public void Categories_stand_beside_numbers() => CollectionAssert.AreEquivalent(new[] { "Numbers.0", "Numbers.1", "Sex", "Embarked" }, TablesSample.Run(s_ml, s_ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new TablesSample.Passenger
    {
        Numbers = [i % 7, i % 11], Sex = i % 2 == 0 ? "male" : "female", Embarked = i % 3 == 0 ? "S" : "C", Label = i % 2 == 0 ^ i % 7 == 3,
    }).ToArray())).ToArray());

    [TestMethod]
    public void Folds_are_shown() => GuideSample.CrossValidate(s_ml, Samples.Small(), s_ml.Data.LoadFromEnumerable(Samples.Clusters()));

    [TestMethod]
    public void A_configuration_gives_options()
    {
        var json = File.ReadAllText(Path.Combine(Repository.Root, "docs", "hosting.md")).Split("```json\n")[1].Split("```")[0];
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json))).Build();
        var options = HostingSample.Run(s_ml, configuration, NullLogger.Instance);
        Assert.AreEqual((20, GradientClipper.Norm(0.5)), (options.Epochs!.Value, options.Clipping));
    }

    private static void InAFolder(Action<string> action)
    {
        var folder = Directory.CreateTempSubdirectory("pages-").FullName;
        var before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = folder;
            action(folder);
        }
        finally
        {
            Environment.CurrentDirectory = before;
            Directory.Delete(folder, recursive: true);
        }
    }
}
