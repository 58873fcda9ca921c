using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.Tests.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Tasks;

/// <summary>The label of the step before beside the features of each: parities, which turn where a noisy number is above 0, and numbers that turn their signs there.</summary>
[TestClass]
public sealed class TeacherForcingTests
{
    private const int Steps = 24;

    private readonly MLContext _ml = new(seed: 1);
    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".onnx");

    [TestCleanup]
    public void Delete() => File.Delete(_file);

    /// <summary>In scoring neither network sees a label. What forcing gives is that each step is learnt for itself: without it, a parity of many numbers has to be.</summary>
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(5)]
    public void Classes_that_follow_from_the_one_before_are_told_and_without_forcing_are_not(int seed)
    {
        var (train, fresh) = (Load(Rows(300, 1), varies: false), Rows(200, 2));
        using var forced = Fit(classes: true, train, forcing: true, change: options => options.Seed = seed);
        using var alone = Fit(classes: true, train, forcing: false, change: options => options.Seed = seed);
        Assert.IsGreaterThan(0.97, Right(forced, fresh));
        Assert.IsLessThan(0.7, Right(alone, fresh));
    }

    [TestMethod]
    public void The_code_of_the_page_tells_parities()
    {
        using var model = Docs.SequencesSample.Turn(_ml, _ml.Transforms.CopyColumns("Label", nameof(Row.Parities)).Fit(Load([], varies: false)).Transform(Load(Rows(300, 1), varies: false)));
        Assert.IsGreaterThan(0.9, Right(model, Rows(200, 2)));
    }

    /// <summary>What the model tells is what a loop tells that puts the label told last beside the next step; and held-out rows are judged by it.</summary>
    [TestMethod]
    public void Scoring_and_judging_go_by_what_the_network_told_itself()
    {
        var (rows, set) = (Rows(60, 1), Rows(40, 2));
        using var model = Fit(classes: true, Load(rows, varies: false), forcing: true, epochs: 2, change: options => options.ValidationSet = Load(set, varies: false));
        using var module = model.Model.CreateModule(model.Objective);
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var features = tensor(set.SelectMany(row => row.Features).ToArray(), [set.Length, Steps]);
        var labels = full([set.Length, Steps], float.NaN, dtype: ScalarType.Float32);
        for (var step = 0; step < Steps; step++)
            labels.select(1, step).copy_(module.forward(LabelsBefore.Join(features, labels)).select(1, step).argmax(1).to(ScalarType.Float32));
        var expected = labels.data<float>().ToArray();
        var told = model.Transform(Load(set, varies: false)).GetColumn<VBuffer<uint>>("PredictedLabel").SelectMany(keys => keys.DenseValues()).ToArray();
        Assert.IsTrue(told.Distinct().Count() == 2);
        CollectionAssert.AreEqual(expected.Select(index => (uint)index + 1).ToArray(), told);
        Assert.AreEqual(told.Zip(set.SelectMany(row => row.Parities), (key, parity) => key == parity ? 1.0 : 0).Average(), model.Model.Summary.ValidationAccuracy!.Value, 1e-6);
    }

    [TestMethod]
    public void A_number_that_was_told_is_fed_in_the_unit_of_the_labels()
    {
        var rows = Rows(40, 2);
        using var model = Fit(classes: false, Load(rows, varies: false), forcing: true, epochs: 2);
        using var module = model.Model.CreateModule(model.Objective);
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var features = tensor(rows.SelectMany(row => row.Features).ToArray(), [rows.Length, Steps]);
        var numbers = full([rows.Length, Steps], float.NaN, dtype: ScalarType.Float32);
        for (var step = 0; step < Steps; step++)
            numbers.select(1, step).copy_(model.Objective.Scores(module, features, numbers).Single().Values.select(1, step));
        var told = model.Transform(Load(rows, varies: false)).GetColumn<VBuffer<float>>("Score").SelectMany(scores => scores.DenseValues()).ToArray();
        EveryTask.AreClose(numbers.data<float>().ToArray(), told, 1e-4);
        Assert.IsGreaterThan(0.01, numbers.std().item<float>());
    }

    [TestMethod]
    [DataRow(true, false)]
    [DataRow(true, true)]
    [DataRow(false, false)]
    [DataRow(false, true)]
    public void Is_saved_and_loaded_exported_and_taken_up_again(bool classes, bool varies)
    {
        var data = Load(Rows(80, 1, varies), varies);
        using var model = Fit(classes, data, forcing: true, epochs: 2);
        Assert.IsTrue(((RecurrentNetwork)DeepNetworkOptions.FromJson(model.Model.Options.ToJson()).Network).TeacherForcing);
        Assert.IsTrue(model.SaveAsOnnx(_file, data).Holds);
        var loaded = EveryTask.SaveAndLoad(model, data.Schema);
        foreach (var again in new[] { loaded, _ml.Model.LoadFromOnnx(_file) })
            CollectionAssert.AreEqual(Scores(model), Scores(again));
        EveryTask.IsTakenUp(model, loaded);
        using var next = Fit(classes, data, forcing: true, epochs: 1, previous: loaded);
        Assert.AreEqual(model.Model.Network, next.Model.Network);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Fit(classes, data, forcing: false, epochs: 1, previous: loaded)).Message, "its TeacherForcing is True, not False");
        if (varies)
            return;
        var report = _ml.Model.SaveAsOnnx(new TransformerChain<ITransformer>(_ml.Transforms.CopyColumns("Copy", "Features").Fit(data), model), data, _file);
        Assert.IsTrue(report.Outputs.All(output => output.Agreement == 1));
        CollectionAssert.AreEqual(Scores(model), Scores(_ml.Model.LoadFromOnnx(_file)));
        EveryTask.IsTakenUp(model, _ml.Model.LoadFromOnnx(_file));

        float[] Scores(ITransformer scorer) => [.. scorer.Transform(data).GetColumn<VBuffer<float>>("Score").SelectMany(scores => scores.DenseValues())];
    }

    /// <summary>Before a step that is not there nothing is told, and a label that is missing is no class.</summary>
    [TestMethod]
    public void A_label_that_is_missing_enters_as_zeros()
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new[] { 1, float.NaN, 0 }, [1, 3]);
        CollectionAssert.AreEqual(new float[] { 0, 1, 0, 0, 1, 0 }, new FedClass(2).Given(labels).data<float>().ToArray());
        CollectionAssert.AreEqual(new float[] { -1, 0, -2 }, new FedNumber(y => y - 2).Given(labels).data<float>().ToArray());
        var (features, before) = LabelsBefore.Part(LabelsBefore.Join(tensor(new float[] { 7, 8, 9 }, [1, 3]), labels), 1);
        CollectionAssert.AreEqual(new float[] { 7, 8, 9 }, features.data<float>().ToArray());
        CollectionAssert.AreEqual(new[] { float.NaN, 1, float.NaN }, before.contiguous().data<float>().ToArray());
    }

    [TestMethod]
    public void Rows_are_inspected_a_rate_is_found_and_weights_are_fitted_to_them()
    {
        var trainer = _ml.MulticlassClassification.Trainers.DeepSequence(new DeepSequenceMulticlassTrainer.Options
        {
            LabelColumnName = nameof(Row.Parities), Network = Network.Recurrent(RecurrentCell.Tanh, 8) with { TeacherForcing = true }, Initializer = Initializer.Lsuv, Seed = 1,
        });
        var data = Load(Rows(80, 1), varies: false);
        Assert.IsGreaterThan(0, trainer.Inspect(data).Curvature);
        Assert.HasCount(20, trainer.FindLearningRate(data, 1e-4, 0.1, 20).Points);
    }

    private DeepNetworkTransformer Fit(bool classes, IDataView data, bool forcing, int epochs = 8, ITransformer? previous = null, Action<SupervisedOptions>? change = null)
    {
        SupervisedOptions options = classes ? new DeepSequenceMulticlassTrainer.Options { LabelColumnName = nameof(Row.Parities) } : new DeepSequenceRegressionTrainer.Options { LabelColumnName = nameof(Row.Turned) };
        options.Network = Network.Recurrent(RecurrentCell.Gru, 12) with { TeacherForcing = forcing };
        (options.Epochs, options.BatchSize, options.Seed, options.Optimizer, options.Stability) = (epochs, 20, 3, Optimizer.Adam(0.01), StabilityPolicy.Warn);
        change?.Invoke(options);
        return options is DeepSequenceMulticlassTrainer.Options ofClasses
            ? _ml.MulticlassClassification.Trainers.DeepSequence(ofClasses).Fit(data, previous)
            : _ml.Regression.Trainers.DeepSequence((DeepSequenceRegressionTrainer.Options)options).Fit(data, previous);
    }

    private double Right(DeepNetworkTransformer model, Row[] rows) => model.Transform(Load(rows, varies: false)).GetColumn<VBuffer<uint>>("PredictedLabel")
        .Zip(rows, (keys, row) => keys.DenseValues().Zip(row.Parities, (key, parity) => key == parity).Average(right => right ? 1.0 : 0)).Average();

    private IDataView Load(Row[] rows, bool varies)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        var steps = varies ? 0 : Steps;
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, steps);
        schema[nameof(Row.Parities)].ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(uint), 2), steps);
        schema[nameof(Row.Turned)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, steps);
        return _ml.Data.LoadFromEnumerable(rows, schema);
    }

    private static Row[] Rows(int rows, int seed, bool varies = false)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ =>
        {
            var row = new Row { Features = new float[varies ? random.Next(1, Steps + 1) : Steps] };
            (row.Parities, row.Turned) = (new uint[row.Features.Length], new float[row.Features.Length]);
            var parity = 0u;
            for (var step = 0; step < row.Features.Length; step++)
            {
                var turns = random.Next(2) == 1;
                row.Features[step] = (turns ? 1 : -1) + 0.6f * (random.NextSingle() - 0.5f);
                row.Parities[step] = 1 + (parity ^= turns ? 1u : 0);
                row.Turned[step] = (parity == 1 ? -1 : 1) + 0.2f * row.Features[step];
            }
            return row;
        })];
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public uint[] Parities { get; set; } = [];

        public float[] Turned { get; set; } = [];
    }
}
