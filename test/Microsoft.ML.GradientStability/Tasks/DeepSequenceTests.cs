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

    [TestMethod]
    public void Rows_that_stream_give_a_model_as_those_in_memory_do()
    {
        var data = Load(Rows(4000, varies: true, 1, longest: 40), varies: true);
        using var model = Fit(classes: true, data, epochs: 1, longest: 40);
        using var streamed = Fit(classes: true, data, epochs: 1, longest: 40, change: options => options.MemoryBudget = 1 << 20);
        CollectionAssert.AreEqual(model.Model.Parameters.ToArray(), streamed.Model.Parameters.ToArray());
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

    /// <summary>Words with their kinds, as <see cref="Row"/>s of text come from a file.</summary>
    [TestMethod]
    public void Words_are_tagged()
    {
        string[] nouns = ["dog", "cat", "house"], verbs = ["sees", "likes"];
        var random = new Random(4);
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 150).Select(_ =>
        {
            var kinds = Enumerable.Range(0, random.Next(1, 7)).Select(_ => random.Next(2)).ToArray();
            return new Sentence
            {
                Text = string.Join(' ', kinds.Select(kind => kind == 0 ? nouns[random.Next(3)] : verbs[random.Next(2)])),
                Kinds = string.Join(' ', kinds.Select(kind => kind == 0 ? "noun" : "verb")),
            };
        }).ToArray());
        var pipeline = _ml.Transforms.Text.TokenizeIntoWords("Words", nameof(Sentence.Text)).Append(_ml.Transforms.Conversion.MapValueToKey("Features", "Words"))
            .Append(_ml.Transforms.Text.TokenizeIntoWords("KindsOfWords", nameof(Sentence.Kinds))).Append(_ml.Transforms.Conversion.MapValueToKey("Label", "KindsOfWords"))
            .Append(_ml.MulticlassClassification.Trainers.DeepSequence(new DeepSequenceMulticlassTrainer.Options { Network = Network.Recurrent(RecurrentCell.Gru, 8), Epochs = 30, BatchSize = 16, Seed = 1, Optimizer = Optimizer.Adam(0.02) }))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var model = pipeline.Fit(data);
        var loaded = EveryTask.SaveAndLoad(model, data.Schema);
        foreach (var scorer in new ITransformer[] { model, loaded })
            foreach (var (said, kinds) in scorer.Transform(data).GetColumn<ReadOnlyMemory<char>[]>("PredictedLabel").Zip(data.GetColumn<string>(nameof(Sentence.Kinds))))
                Assert.AreEqual(kinds, string.Join(' ', said));
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

    private sealed class Sentence
    {
        public string Text { get; set; } = "";

        public string Kinds { get; set; } = "";
    }
}
