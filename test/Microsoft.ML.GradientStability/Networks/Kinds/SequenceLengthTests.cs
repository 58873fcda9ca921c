using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

/// <summary>Rows that are sequences of different lengths.</summary>
[TestClass]
public sealed class SequenceLengthTests
{
    private const int Features = 4, Steps = 6;

    private readonly MLContext _ml = new(seed: 1);
    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".onnx");

    public static IEnumerable<object[]> Networks() => Kinds.OfDifferentLengths().Where(network => network is not AttentionNetwork { Positions: LearnedPositions }).Select(network => new object[] { network });

    [TestCleanup]
    public void Delete() => File.Delete(_file);

    /// <summary>A row among longer ones gives what a network of the same weights that is made for its length alone makes of it.</summary>
    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void A_row_among_longer_ones_is_that_row_alone(Network network)
    {
        const int rows = 12;
        var shape = network.Shape!;
        using var module = Create(shape);
        module.eval();
        using var frozen = no_grad();
        var features = Kinds.Rows(network, rows);
        using var together = module.forward(tensor(features, [rows, shape.Size]));
        var expected = together.data<float>().ToArray();
        for (var row = 0; row < rows; row++)
        {
            var numbers = features[(row * shape.Size)..((row + 1) * shape.Size)].Where(number => !float.IsNaN(number)).ToArray();
            var steps = numbers.Length / shape.StepSize;
            using var ofLength = Create(shape.IsTokens ? InputShape.Tokens(steps, shape.Channels) : InputShape.Sequence(steps, shape.Channels));
            ofLength.eval();
            using var alone = ofLength.forward(tensor(numbers, [1, numbers.Length]));
            for (var c = 0; c < Kinds.Classes; c++)
                Assert.AreEqual(alone[0, c].item<float>(), expected[row * Kinds.Classes + c], 1e-5, $"row {row} of {steps} steps, {network}");
        }

        NetworkModule Create(InputShape of) => (network switch
        {
            RecurrentNetwork recurrent => recurrent with { Input = of },
            _ => (Network)((AttentionNetwork)network with { Input = of }),
        }).CreateModule(of.Size, Kinds.Classes, Initializer.XavierUniform, seed: 7);
    }

    /// <summary>Text → words → keys → network, whatever the number of words.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Vectors_of_keys_of_unknown_size_are_tokens(bool byAttention)
    {
        var (data, fresh) = (Texts(160, 5), Texts(200, 9));
        var pipeline = _ml.Transforms.Text.TokenizeIntoWords("Words", nameof(Sentence.Text)).Append(_ml.Transforms.Conversion.MapValueToKey("Features", "Words"))
            .Append(_ml.BinaryClassification.Trainers.DeepNetwork(new()
            {
                Network = byAttention ? Network.Attention(16, 1, 2) : Network.Recurrent(RecurrentCell.Gru, 12, bidirectional: true),
                Optimizer = Optimizer.Adam(0.01), Epochs = 40, BatchSize = 20, Seed = 3, Stability = StabilityPolicy.Warn, ValidationFraction = 0.1,
            }));
        var model = pipeline.Fit(data);
        Assert.AreEqual(InputShape.Tokens(9, 7) with { VariesInLength = true }, model.LastTransformer.Model.Network.Shape);
        Assert.IsGreaterThan(0.95, _ml.BinaryClassification.Evaluate(model.Transform(fresh)).Accuracy);
        Assert.IsTrue(model.LastTransformer.SaveAsOnnx(_file, model.Transform(fresh)).Holds);

        var loaded = EveryTask.SaveAndLoad(model, data.Schema);
        EveryTask.AreClose(EveryTask.Scores(model, fresh), EveryTask.Scores(loaded, fresh), 1e-5);
        var scored = loaded.Transform(fresh);
        Assert.IsFalse(((VectorDataViewType)scored.Schema["Features"].Type).IsKnownSize, "the words are as they were");
        Assert.IsFalse(scored.Schema.Any(column => column.Name.StartsWith(ScoreColumns.Own, StringComparison.Ordinal) && !column.IsHidden));
        using var engine = _ml.Model.CreatePredictionEngine<Sentence, Answer>(model, new PredictionEngineOptions { OwnsTransformer = false });
        Assert.IsTrue(engine.Predict(new Sentence { Text = "good" }).PredictedLabel);
        Assert.IsFalse(engine.Predict(new Sentence { Text = "the film is the film" }).PredictedLabel);
    }

    /// <summary>The mean of a step's feature over the real steps of all rows becomes 0, whatever padding they need.</summary>
    [TestMethod]
    public void Steps_are_standardized_by_all_steps_that_are_there()
    {
        var random = new Random(1);
        float[][] rows = [.. Enumerable.Range(0, 80).Select(row => Enumerable.Range(0, 2 * random.Next(1, 30)).Select(slot => (float)(slot % 2 == 0 ? 50 + 9 * random.NextDouble() : -3 * random.NextDouble())).ToArray())];
        using var model = Fit(Network.Recurrent(RecurrentCell.Tanh, 4) with { Input = InputShape.Sequence(40, 2) }, rows);
        using var module = model.Model.CreateModule(model.Objective);
        using var scope = NewDisposeScope();
        var scaled = rows.SelectMany(row => module.Scale(tensor(row, [1, row.Length])).data<float>().ToArray()).ToArray();
        for (var feature = 0; feature < 2; feature++)
        {
            var values = scaled.Where((_, slot) => slot % 2 == feature).Select(value => (double)value).ToArray();
            Assert.AreEqual(0, values.Average(), 1e-5);
            Assert.AreEqual(1, values.Average(value => value * value), 1e-4);
        }
    }

    [TestMethod]
    public void Rows_that_stream_give_a_model_as_those_in_memory_do()
    {
        var random = new Random(3);
        float[][] rows = [.. Enumerable.Range(0, 3000).Select(_ => Enumerable.Range(0, Features * random.Next(1, 40)).Select(_ => random.NextSingle()).ToArray())];
        var network = Network.Recurrent(RecurrentCell.Gru, 4) with { Input = InputShape.Sequence(40, Features) };
        using var model = Fit(network, rows, options => (options.Shuffle, options.ValidationFraction, options.Epochs, options.BatchSize) = (false, 0.2, 1, 64));
        using var streamed = Fit(network, rows, options => (options.Shuffle, options.ValidationFraction, options.Epochs, options.BatchSize, options.MemoryBudget) = (false, 0.2, 1, 64, 1 << 20));
        CollectionAssert.AreEqual(model.Model.Parameters.ToArray(), streamed.Model.Parameters.ToArray());
    }

    /// <summary>Recurrent networks score rows of any length, attention up to the longest that it knows positions of.</summary>
    [TestMethod]
    public void A_row_longer_than_those_of_training_is_scored_or_refused()
    {
        var rows = Rows(60, 3);
        float[] longer = [.. Enumerable.Range(0, 3 * Steps * Features).Select(slot => MathF.Sin(slot))];
        using (var recurrent = Fit(Network.Recurrent(RecurrentCell.Gru, 4) with { Input = InputShape.Sequence(Steps, Features) }, rows))
        {
            Assert.IsTrue(Scores(recurrent, longer).All(float.IsFinite));
            var loaded = EveryTask.SaveAndLoad(recurrent, ShapedRows.Load(rows).Schema);
            Assert.IsTrue(Scores(loaded, longer[..(Steps * Features)]).All(float.IsFinite));
            Assert.IsTrue(Scores(loaded, longer[..((Steps + 1) * Features)]).All(float.IsNaN), "no score of its beginning");
            StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => Scores(loaded, longer)).GetBaseException().Message, "A row has a sequence of 72 values, and the model takes 64 at most.");
        }
        using var attention = Fit(Network.Attention(8, 1, 2) with { Input = InputShape.Sequence(Steps, Features) }, rows);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Scores(attention, longer));
        StringAssert.Contains(error.Message, "Row 1 has a sequence of 18 steps in column 'Features', and the network takes 6 at most.");
    }

    /// <summary>Of a row that is none of numbers nothing is known.</summary>
    [TestMethod]
    public void An_empty_row_or_one_with_NaN_inside_has_no_score()
    {
        foreach (var network in new Network[] { Network.Recurrent(RecurrentCell.Gru, 4, bidirectional: true), Network.Attention(8, 1, 2) })
        {
            using var model = Fit(network is RecurrentNetwork recurrent ? recurrent with { Input = InputShape.Sequence(Steps, Features) } : (AttentionNetwork)network with { Input = InputShape.Sequence(Steps, Features) }, Rows(60, 3));
            var loaded = EveryTask.SaveAndLoad(model, ShapedRows.Load(Rows(1, 1)).Schema);
            foreach (var scorer in new ITransformer[] { model, loaded })
            {
                Assert.IsTrue(Scores(scorer, []).All(float.IsNaN), $"empty, {network}");
                Assert.IsTrue(Scores(scorer, [1, float.NaN, 2, 3, 1, 2, 3, 4]).All(float.IsNaN), $"NaN inside, {network}");
                Assert.IsTrue(Scores(scorer, [1, 2, float.PositiveInfinity, 3]).All(float.IsNaN), $"infinite, {network}");
                Assert.IsTrue(Scores(scorer, [1, 2, 3, 4]).All(float.IsFinite), $"one step, {network}");
            }
        }
    }

    [TestMethod]
    public void A_gradient_over_time_is_counted_from_the_last_step_of_each_row()
    {
        var shape = InputShape.Sequence(5, 1) with { VariesInLength = true };
        using var module = (Network.Recurrent(RecurrentCell.Tanh, 3) with { Input = shape }).CreateModule(5, 1, Initializer.XavierUniform, seed: 2);
        float[][] rows = [[0.5f, -1, 0.25f, 2, 1], [0.25f, 2, 1]];
        var norms = rows.Select(row => Norms([row])).ToArray();
        var both = Norms(rows);
        for (var back = 1; back <= 5; back++)
        {
            var squares = norms.Where(row => row.Length >= back).Select(row => row[^back] * row[^back]).ToArray();
            Assert.AreEqual(Math.Sqrt(2 * squares.Average()), both[^back], 1e-6, $"{back} from the end");
        }

        double[] Norms(float[][] batch)
        {
            using var scope = NewDisposeScope();
            var width = batch.Max(row => row.Length);
            module.Time!.IsOn = true;
            module.forward(tensor(batch.SelectMany(row => row.Concat(Enumerable.Repeat(float.NaN, width - row.Length))).ToArray(), [batch.Length, width])).sum().backward();
            return module.Time.Take();
        }
    }

    [TestMethod]
    public void A_file_of_ONNX_is_a_model_again()
    {
        var rows = Rows(60, 3);
        using var model = Fit(Network.Recurrent(RecurrentCell.Lstm(), 4) with { Input = InputShape.Sequence(Steps, Features) }, rows);
        Assert.IsTrue(model.SaveAsOnnx(_file, ShapedRows.Load(rows)).Holds);
        var loaded = _ml.Model.LoadFromOnnx(_file);
        EveryTask.AreClose(EveryTask.Scores(model, ShapedRows.Load(rows)), EveryTask.Scores(loaded, ShapedRows.Load(rows)), 1e-5);
    }

    private static float[][] Rows(int rows, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, Features * random.Next(1, Steps + 1)).Select(_ => random.NextSingle()).ToArray())];
    }

    private static float[] Scores(ITransformer model, float[] row) => EveryTask.Scores(model, ShapedRows.Load([row]));

    private DeepNetworkTransformer Fit(Network network, float[][] rows, Action<DeepNetworkMulticlassTrainer.Options>? change = null)
    {
        var options = new DeepNetworkMulticlassTrainer.Options { Network = network, Optimizer = Optimizer.Adam(0.01), Epochs = 2, BatchSize = 16, Seed = 3, Stability = StabilityPolicy.Warn };
        change?.Invoke(options);
        return _ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(ShapedRows.Load(rows));
    }

    private IDataView Texts(int rows, int seed)
    {
        var random = new Random(seed);
        string[] words = ["the", "film", "is", "good", "bad", "long", "short"];
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(row =>
        {
            string[] said = [.. Enumerable.Range(0, row == 0 ? 9 : random.Next(1, 10)).Select(_ => words[random.Next(words.Length)])];
            return new Sentence { Text = string.Join(' ', row == 0 ? said.Select((word, i) => i < words.Length ? words[i] : word) : said), Label = row == 0 || said.Contains("good") };
        }).ToArray());
    }

    private sealed class Sentence
    {
        public string Text { get; set; } = "";

        public bool Label { get; set; }
    }

    private sealed class Answer
    {
        public bool PredictedLabel { get; set; }
    }
}
