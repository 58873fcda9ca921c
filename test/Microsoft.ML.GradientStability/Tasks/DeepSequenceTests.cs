using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.Tests.Networks;

namespace Microsoft.ML.GradientStability.Tests.Tasks;

/// <summary>A label for each step: the steps of a running sum, and whether it is above zero.</summary>
[TestClass]
public sealed class DeepSequenceTests
{
    private const int Steps = 6;

    private readonly MLContext _ml = new(seed: 1);
    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".onnx");

    public static IEnumerable<object[]> Forms() =>
        from classes in new[] { true, false }
        from varies in new[] { true, false }
        select new object[] { classes, varies };

    [TestCleanup]
    public void Delete() => File.Delete(_file);

    [TestMethod]
    [DynamicData(nameof(Forms))]
    public void Learns_the_label_of_every_step(bool classes, bool varies)
    {
        var (train, fresh) = (Load(400, varies, 1), Rows(200, varies, 2));
        using var model = Fit(classes, train, epochs: 60);
        var scored = model.Transform(Load(fresh, varies));
        if (classes)
        {
            var told = scored.GetColumn<VBuffer<uint>>("PredictedLabel").Zip(fresh, (keys, row) => keys.DenseValues().Zip(row.Signs, (key, sign) => key == sign).Average(right => right ? 1.0 : 0)).Average();
            Assert.IsGreaterThan(0.95, told);
            Assert.IsGreaterThan(0.95, model.Model.Summary.ValidationAccuracy!.Value);
        }
        else
        {
            var errors = scored.GetColumn<VBuffer<float>>("Score").Zip(fresh, (scores, row) => scores.DenseValues().Zip(row.Sums, (score, sum) => (score - sum) * (score - sum)).Average()).Average();
            Assert.IsLessThan(0.03, errors);
        }
        foreach (var (scores, row) in scored.GetColumn<VBuffer<float>>("Score").Zip(fresh))
            Assert.AreEqual((classes ? 2 : 1) * row.Sums.Length, scores.Length);
    }

    [TestMethod]
    [DynamicData(nameof(Forms))]
    public void Is_saved_and_loaded_exported_and_taken_up_again(bool classes, bool varies)
    {
        var data = Load(90, varies, 1);
        using var model = Fit(classes, data, epochs: 3);
        Assert.IsTrue(model.SaveAsOnnx(_file, data).Holds);
        var loaded = EveryTask.SaveAndLoad(model, data.Schema);
        foreach (var again in new[] { loaded, _ml.Model.LoadFromOnnx(_file) })
        {
            AreSame(model.Transform(data), again.Transform(data), classes);
            Assert.IsFalse(again.Transform(data).Schema.Any(column => column.Name.StartsWith(ScoreColumns.Own, StringComparison.Ordinal) && !column.IsHidden));
        }
        EveryTask.IsTakenUp(model, loaded);
        using var next = Fit(classes, data, epochs: 1, previous: loaded);
        Assert.AreEqual(model.Model.Network, next.Model.Network);
        Assert.AreEqual(model.Model.Network, DeepNetworkOptions.FromJson(model.Model.Options.ToJson()).Network);
        using var same = Fit(classes, data, epochs: 3);
        CollectionAssert.AreEqual(model.Model.Parameters.ToArray(), same.Model.Parameters.ToArray());
    }

    /// <summary>Keys, numbers and all; of sizes that are known.</summary>
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void The_file_of_a_pipeline_scores_like_it(bool classes)
    {
        var data = Load(60, varies: false, 1);
        using var network = Fit(classes, data, epochs: 2);
        var model = new TransformerChain<ITransformer>(_ml.Transforms.CopyColumns("Copy", "Features").Fit(data), network);
        var report = _ml.Model.SaveAsOnnx(model, data, _file);
        Assert.HasCount(60, data.GetColumn<VBuffer<float>>("Features").ToArray());
        Assert.IsTrue(report.Outputs.All(output => output.Agreement == 1), string.Join("; ", report.Outputs.Select(output => output.Name)));
        AreSame(network.Transform(data), _ml.Model.LoadFromOnnx(_file).Transform(data), classes);

        var varying = Load(60, varies: true, 1);
        using var ofLengths = Fit(classes, varying, epochs: 1);
        StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(() => _ml.Model.SaveAsOnnx(ofLengths, varying, _file)).Message, "which has another length in every row; a file takes such vectors and gives none");
    }

    /// <summary>A label that is missing counts nowhere: neither in the loss, nor in what is known of the labels.</summary>
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Steps_without_a_label_are_not_learnt_from(bool classes)
    {
        var whole = Rows(120, varies: false, 1);
        // The same first steps, and behind them others without labels; one way, a step sees nothing of what follows.
        var longer = whole.Select(row => new Row
        {
            Features = [.. row.Features, 5, -5], Signs = [.. row.Signs, 0, 0], Sums = [.. row.Sums, float.NaN, float.NaN],
        }).ToArray();
        using var expected = Fit(classes, Load(whole, varies: true), epochs: 2, standardize: false);
        using var actual = Fit(classes, Load(longer, varies: true), epochs: 2, standardize: false);
        EveryTask.AreClose(expected.Model.Parameters.ToArray(), actual.Model.Parameters.ToArray(), 1e-5);
        Assert.AreEqual(expected.Model.Summary.Loss, actual.Model.Summary.Loss, 1e-5);
    }

    /// <summary>Rows of other lengths than those of training, longer ones among them, judge a fit by the share of their steps that is told right.</summary>
    [TestMethod]
    public void A_set_of_its_own_judges_steps()
    {
        var (data, set) = (Load(200, varies: true, 1), Rows(40, varies: true, 2, longest: 11));
        using var model = Fit(classes: true, data, epochs: 5, longest: 12, change: options => (options.ValidationFraction, options.ValidationSet) = (0, Load(set, varies: true)));
        var right = model.Transform(Load(set, varies: true)).GetColumn<VBuffer<uint>>("PredictedLabel").Zip(set, (keys, row) => keys.DenseValues().Zip(row.Signs, (key, sign) => key == sign)).SelectMany(told => told).ToArray();
        Assert.AreEqual(right.Average(told => told ? 1.0 : 0), model.Model.Summary.ValidationAccuracy!.Value, 1e-6);
    }

    [TestMethod]
    public void Rows_that_stream_give_a_model_as_those_in_memory_do()
    {
        var data = Load(Rows(4000, varies: true, 1, longest: 40), varies: true);
        using var model = Fit(classes: true, data, epochs: 1, longest: 40);
        using var streamed = Fit(classes: true, data, epochs: 1, longest: 40, change: options => options.MemoryBudget = 1 << 20);
        CollectionAssert.AreEqual(model.Model.Parameters.ToArray(), streamed.Model.Parameters.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Forms))]
    public void Is_inspected_and_its_rate_is_found(bool classes, bool varies)
    {
        var data = Load(120, varies, 1);
        var network = Network.Recurrent(RecurrentCell.Tanh, 8) with { Input = varies ? InputShape.Sequence(12, 1) : null };
        if (classes)
            Look(_ml.MulticlassClassification.Trainers.DeepSequence(new DeepSequenceMulticlassTrainer.Options { LabelColumnName = nameof(Row.Signs), Network = network, Initializer = Initializer.Lsuv, Seed = 1 }));
        else
            Look(_ml.Regression.Trainers.DeepSequence(new DeepSequenceRegressionTrainer.Options { LabelColumnName = nameof(Row.Sums), Network = network, Initializer = Initializer.Lsuv, Seed = 1 }));

        void Look<TOptions>(DeepNetworkTrainer<TOptions> trainer) where TOptions : DeepNetworkOptions
        {
            var inspection = trainer.Inspect(data);
            Assert.AreEqual(inspection.LossOfGuessing, inspection.Loss, inspection.LossOfGuessing);
            Assert.IsGreaterThan(0, inspection.Curvature);
            Assert.HasCount(20, trainer.FindLearningRate(data, 1e-4, 0.1, 20).Points);
        }
    }

    [TestMethod]
    public void The_schema_is_known_before_the_fit()
    {
        foreach (var varies in new[] { true, false })
        {
            var data = Load(20, varies, 1);
            using var model = Fit(classes: true, data, epochs: 1);
            var schema = model.GetOutputSchema(data.Schema);
            var labels = (VectorDataViewType)schema["PredictedLabel"].Type;
            Assert.AreEqual(varies ? 0 : Steps, labels.Size);
            Assert.IsInstanceOfType<KeyDataViewType>(labels.ItemType);
            if (!varies)
                CollectionAssert.AreEqual(new[] { Steps, 2 }, ((VectorDataViewType)schema["Score"].Type).Dimensions.ToArray());
        }
    }

    [TestMethod]
    public void Words_are_tagged_by_a_loaded_model_as_by_the_fitted_one()
    {
        var data = TaggedWords.Load(_ml);
        var model = Docs.SequencesSample.Tag(_ml, data);
        var loaded = EveryTask.SaveAndLoad(model, data.Schema);
        var kinds = Kinds(model);
        Assert.IsGreaterThan(0.99, kinds.Zip(data.GetColumn<string[]>(nameof(TaggedWords.Kinds)).SelectMany(kinds => kinds), (kind, expected) => kind == expected).Average(right => right ? 1.0 : 0));
        CollectionAssert.AreEqual(kinds, Kinds(loaded));

        string[] Kinds(ITransformer scorer) => [.. scorer.Transform(data).GetColumn<string[]>("PredictedLabel").SelectMany(told => told)];
    }

    private static void AreSame(IDataView expected, IDataView actual, bool classes)
    {
        foreach (var (one, other) in expected.GetColumn<VBuffer<float>>("Score").Zip(actual.GetColumn<VBuffer<float>>("Score")))
            EveryTask.AreClose([.. one.DenseValues()], [.. other.DenseValues()], 1e-5);
        if (!classes)
            return;
        foreach (var (one, other) in expected.GetColumn<VBuffer<uint>>("PredictedLabel").Zip(actual.GetColumn<VBuffer<uint>>("PredictedLabel")))
            CollectionAssert.AreEqual(one.DenseValues().ToArray(), other.DenseValues().ToArray());
    }

    private DeepNetworkTransformer Fit(bool classes, IDataView data, int epochs, ITransformer? previous = null, bool standardize = true, int longest = 12, Action<SupervisedOptions>? change = null)
    {
        SupervisedOptions options = classes ? new DeepSequenceMulticlassTrainer.Options { LabelColumnName = nameof(Row.Signs) } : new DeepSequenceRegressionTrainer.Options { LabelColumnName = nameof(Row.Sums) };
        var varies = !((VectorDataViewType)data.Schema["Features"].Type).IsKnownSize;
        options.Network = Network.Recurrent(RecurrentCell.Gru, 8) with { Input = varies ? InputShape.Sequence(longest, 1) : null };
        (options.Epochs, options.BatchSize, options.Seed, options.Optimizer, options.ValidationFraction) = (epochs, 20, 3, Optimizer.Adam(0.02), 0.1);
        (options.StandardizeFeatures, options.Shuffle, options.Stability) = (standardize, longest == 12, StabilityPolicy.Warn);
        change?.Invoke(options);
        return options is DeepSequenceMulticlassTrainer.Options ofClasses
            ? _ml.MulticlassClassification.Trainers.DeepSequence(ofClasses).Fit(data, previous)
            : _ml.Regression.Trainers.DeepSequence((DeepSequenceRegressionTrainer.Options)options).Fit(data, previous);
    }

    private IDataView Load(int rows, bool varies, int seed) => Load(Rows(rows, varies, seed), varies);

    private IDataView Load(Row[] rows, bool varies)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        var steps = varies ? 0 : Steps;
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, steps);
        schema[nameof(Row.Signs)].ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(uint), 2), steps);
        schema[nameof(Row.Sums)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, steps);
        return _ml.Data.LoadFromEnumerable(rows, schema);
    }

    private static Row[] Rows(int rows, bool varies, int seed, int longest = Steps)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ =>
        {
            var features = Enumerable.Range(0, varies ? random.Next(1, longest + 1) : longest).Select(_ => 2 * random.NextSingle() - 1).ToArray();
            var sums = features.Select((_, step) => features[..(step + 1)].Sum()).ToArray();
            return new Row { Features = features, Sums = sums, Signs = [.. sums.Select(sum => sum > 0 ? 2u : 1u)] };
        })];
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float[] Sums { get; set; } = [];

        public uint[] Signs { get; set; } = [];
    }
}
