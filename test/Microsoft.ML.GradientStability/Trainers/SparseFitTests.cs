using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.Tests.Data;

namespace Microsoft.ML.GradientStability.Tests.Trainers;

/// <summary>Fits on wide rows of few non-zeros.</summary>
[TestClass]
[DoNotParallelize]
public sealed class SparseFitTests
{
    private readonly MLContext _ml = new(seed: 1);

    /// <summary>Bit for bit: the values decide how a row is held.</summary>
    [TestMethod]
    [DynamicData(nameof(EveryTask.All), typeof(EveryTask))]
    public void Sparse_and_dense_rows_of_the_same_values_give_the_same_model(string task)
    {
        using var sparse = Fit(task, WideRows.Of(200));
        using var dense = Fit(task, WideRows.Of(200, dense: true));
        CollectionAssert.AreEqual(sparse.Onnx.ToArray(), dense.Onnx.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(EveryTask.All), typeof(EveryTask))]
    public void In_the_order_of_the_data_streamed_and_cached_rows_give_the_same_model(string task)
    {
        using var cached = Fit(task, WideRows.Of(6000), o => (o.Shuffle, o.Epochs) = (false, 2));
        using var streamed = Fit(task, WideRows.Of(6000), o => (o.Shuffle, o.Epochs, o.MemoryBudget) = (false, 2, 1 << 20));
        CollectionAssert.AreEqual(cached.Onnx.ToArray(), streamed.Onnx.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(EveryTask.All), typeof(EveryTask))]
    public void What_is_learnt_is_scored_alike_fitted_and_loaded(string task)
    {
        var view = _ml.Data.LoadFromEnumerable(WideRows.Of(300));
        using var model = Fit(task, WideRows.Of(300), o => (o.Epochs, o.ValidationFraction) = (30, 0.1));
        Assert.IsLessThan(task == EveryTask.Regression ? 0.3 : 0.5, model.Model.Summary.Loss, "it learns");
        var loaded = EveryTask.SaveAndLoad(model, view.Schema);
        var scores = EveryTask.Scores(model, view);
        EveryTask.AreClose(scores, EveryTask.Scores(loaded, view), 1e-4);
        using var further = EveryTask.Fit(_ml, task, view, o => (o.Epochs, o.Optimizer) = (1, Optimizer.Sgd(1e-12)), previous: loaded);
        EveryTask.AreClose(scores, EveryTask.Scores(further, view), 1e-4);
    }

    public static IEnumerable<object[]> WholeWeights() => new (string, Action<SupervisedOptions>)[]
    {
        ("parametrization", o => o.Network = Network.FeedForward(8) with { WeightParametrization = WeightParametrization.WeightNormalization }),
        ("optimizer NAdam", o => o.Optimizer = Optimizer.NAdam()),
        ("optimizer Sgd", o => o.Optimizer = Optimizer.Sgd(0.01, momentum: 0.9)),
        ("clipping Adaptive", o => o.Clipping = GradientClipper.Adaptive()),
        ("CentralizeGradients", o => o.CentralizeGradients = true),
        ("EmaDecay", o => o.EmaDecay = 0.9),
        ("regularization MaxNorm", o => o.Regularization = [Regularizer.MaxNorm()]),
    }.Select(pair => new object[] { pair.Item1, pair.Item2 });

    [TestMethod]
    [DynamicData(nameof(WholeWeights))]
    public void An_option_that_needs_all_weights_is_named_and_trains_all_the_same(string named, Action<SupervisedOptions> change)
    {
        var lines = new List<string>();
        _ml.Log += (_, e) => lines.Add(e.Message);
        using var model = Fit(EveryTask.Binary, WideRows.Of(100), change);
        Assert.IsTrue(lines.Any(line => line.Contains("The rows are sparse, 13 of 1500 features a row") && line.Contains(named)), string.Join('\n', lines));
    }

    [TestMethod]
    public void An_initializer_that_needs_data_gets_it()
    {
        using var model = Fit(EveryTask.Binary, WideRows.Of(100), o => o.Initializer = Initializer.Lsuv);
        Assert.IsTrue(double.IsFinite(model.Model.Summary.Loss));
    }

    private sealed class Word
    {
        public VBuffer<float> Features { get; set; }

        public bool Yes { get; set; }
    }

    /// <summary>As dense rows one batch would take 256 MB, a pool of one batch and those read ahead 1.3 GB more, a batch of scores 512 MB.</summary>
    [TestMethod]
    public void A_million_features_train_and_score_in_bounded_memory()
    {
        const int Slots = 1_000_000, Rows = 3000;
        var schema = SchemaDefinition.Create(typeof(Word));
        schema[nameof(Word.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Slots);
        var view = _ml.Data.LoadFromEnumerable(Generate(), schema);
        // What is loaded at the first use is no memory of these rows.
        using var first = Fit(EveryTask.Binary, WideRows.Of(100));
        GC.Collect();
        var before = Environment.WorkingSet;
        var greatest = before;
        using var watch = new Timer(_ => greatest = Math.Max(greatest, Environment.WorkingSet), null, 0, period: 2);
        using var model = _ml.BinaryClassification.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkBinaryTrainer.Options>(nameof(Word.Yes), o =>
        {
            (o.Network, o.BatchSize, o.Epochs, o.MemoryBudget) = (Network.FeedForward(3), 64, 3, 1 << 20);
        })).Fit(view);
        var scores = EveryTask.Scores(model, _ml.Data.TakeRows(view, 200));
        Assert.HasCount(200, scores);
        Assert.IsLessThan(900L << 20, greatest - before, $"{(greatest - before) >> 20} MiB");

        static IEnumerable<Word> Generate()
        {
            var random = new Random(5);
            for (var row = 0; row < Rows; row++)
            {
                int[] slots = [.. Enumerable.Range(0, 50).Select(_ => random.Next(Slots)).Distinct().Order()];
                yield return new Word { Features = new VBuffer<float>(Slots, slots.Length, [.. slots.Select(_ => 1f)], slots), Yes = slots[0] % 2 == 0 };
            }
        }
    }

    private DeepNetworkTransformer Fit(string task, WideRows.Row[] rows, Action<SupervisedOptions>? change = null) =>
        EveryTask.Fit(_ml, task, _ml.Data.LoadFromEnumerable(rows), options =>
        {
            options.Epochs = 4;
            change?.Invoke(options);
        });
}
