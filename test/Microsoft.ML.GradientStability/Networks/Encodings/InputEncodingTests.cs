using TorchSharp;

namespace Microsoft.ML.GradientStability.Tests.Networks.Encodings;

[TestClass]
public sealed class InputEncodingTests
{
    /// <summary>0, 1, … 8: quartiles 0, 2, 4, 6, 8.</summary>
    private static readonly float[] s_ramp = [.. Enumerable.Range(0, 9).Select(i => (float)i)];

    [TestMethod]
    public void Piecewise_linear_codes_are_those_of_the_paper()
    {
        var code = InputEncoding.PiecewiseLinear(4, 0.5).Fit(Sample(s_ramp))!;
        Assert.AreEqual(5, code.Width);
        // The number stays; x = 5 lies beyond two bins and half way through the third.
        AreEqual([5, 0.5f, 0.5f, 0.25f, 0], Encode(code, 5));
        AreEqual([-3, 0, 0, 0, 0], Encode(code, -3));
        AreEqual([99, 0.5f, 0.5f, 0.5f, 0.5f], Encode(code, 99));
    }

    [TestMethod]
    public void Equal_quantiles_make_one_edge_and_a_single_bin_no_code()
    {
        // An indicator; quartiles 0, 0, 0, 0, 4 and 0, 0, 0, 2, 4; a constant.
        var code = InputEncoding.PiecewiseLinear(4).Fit(Sample([0, 0, 0, 1, 1], [0, 0, 0, 0, 4], [0, 0, 0, 2, 4], [7, 7, 7]))!;
        Assert.AreEqual(4, code.Features);
        AreEqual([1, 3, 3, 7, 1, 0.5f], Encode(code, 1, 3, 3, 7));
        Assert.IsNull(InputEncoding.PiecewiseLinear().Fit(Sample([0, 0, 1, 1])), "nothing to encode");
    }

    [TestMethod]
    public void Bins_end_where_a_tree_of_the_feature_splits()
    {
        // The target jumps between 9 and 10 and between 29 and 30, and nowhere else.
        float[] numbers = [.. Enumerable.Range(0, 40).Select(i => (float)i)];
        foreach (var classes in new[] { false, true })
        {
            var sample = new FeatureSample(1, classes, _ => (numbers, [.. numbers.Select(x => x < 10 ? 1f : x < 30 ? 5 : 2)]));
            var code = InputEncoding.PiecewiseLinear(edges: BinEdges.Tree).Fit(sample)!;
            AreEqual([10, 1, 0.025f, 0], Encode(code, 10));
            AreEqual([0, 0, 0, 0], Encode(code, 0));
            AreEqual([39, 1, 1, 1], Encode(code, 39));
            Assert.AreEqual(3, InputEncoding.PiecewiseLinear(bins: 2, edges: BinEdges.Tree).Fit(sample)!.Width, "two bins: the greater jump alone");
        }
    }

    [TestMethod]
    public void A_feature_that_tells_nothing_has_few_bins_or_none()
    {
        const int Noise = 50;
        var random = new Random(1);
        float[] numbers = [.. Enumerable.Range(0, 400).Select(i => (float)i)];
        float[] indicator = [.. numbers.Select(x => x < 200 ? 0f : 1)];
        var ofNoise = InputEncoding.PiecewiseLinear(edges: BinEdges.Tree).Fit(new FeatureSample(Noise, false, _ => (numbers, [.. numbers.Select(_ => (float)random.NextDouble())])));
        Assert.IsLessThan(3 * Noise, ofNoise!.Width - Noise, "few bins of noise, where there could be 16 of each");
        Assert.IsNull(InputEncoding.PiecewiseLinear(edges: BinEdges.Tree).Fit(new FeatureSample(1, true, _ => (indicator, indicator))), "an indicator is its own bin");
        Assert.AreEqual(17, InputEncoding.PiecewiseLinear(edges: BinEdges.Tree).Fit(Sample(numbers))!.Width, "without a target by quantiles");
    }

    [TestMethod]
    public void A_tree_leaves_five_rows_on_either_side()
    {
        float[] numbers = [.. Enumerable.Range(0, 20).Select(i => (float)i)];
        var code = InputEncoding.PiecewiseLinear(edges: BinEdges.Tree).Fit(new FeatureSample(1, true, _ => (numbers, [.. numbers.Select(x => x < 2 ? 0f : 1)])))!;
        AreEqual([4.5f, 1, 0], Encode(code, 4.5f));
    }

    [TestMethod]
    public void Robust_scaling_is_that_of_the_paper()
    {
        // Median 4, quartiles 2 and 6; where these are equal, the range counts; a constant is 0.
        var code = InputEncoding.Robust.Fit(Sample(s_ramp, [0, 0, 0, 0, 0, 0, 0, 0, 10], [3, 3, 3]))!;
        AreEqual([Smooth((6 - 4) / 4.0), Smooth(10 / 5.0), 0], Encode(code, 6, 10, 3));
        Assert.AreEqual(3, Encode(code, 1e6f, 0, 0)[0], 1e-3);

        static float Smooth(double z) => (float)(z / Math.Sqrt(1 + z * z / 9));
    }

    [TestMethod]
    public void Periodic_codes_are_those_of_the_paper()
    {
        var code = InputEncoding.Periodic(frequencies: 2, greatest: 0.5).Fit(Sample(s_ramp, s_ramp));
        Assert.AreEqual(2 + 2 * 4, code.Width);
        var (low, high) = (2 * Math.PI * 0.25, 2 * Math.PI * 0.5);
        EveryTask.AreClose([3, -1, Sin(3 * low), Sin(3 * high), Sin(-low), Sin(-high), Cos(3 * low), Cos(3 * high), Cos(low), Cos(high)], Encode(code, 3, -1), 1e-4);

        static float Sin(double angle) => (float)Math.Sin(angle);
        static float Cos(double angle) => (float)Math.Cos(angle);
    }

    public static IEnumerable<object[]> Encodings() => [[InputEncoding.None], [InputEncoding.Robust], [InputEncoding.PiecewiseLinear()], [InputEncoding.PiecewiseLinear(5, 0.5, BinEdges.Tree)],
        [InputEncoding.Periodic()]];

    /// <summary>A fit holds ONNX Runtime against LibTorch by itself; here also what is saved, loaded, and trained on.</summary>
    [TestMethod]
    [DynamicData(nameof(Encodings))]
    public void An_encoding_is_part_of_the_model(InputEncoding encoding)
    {
        var ml = new MLContext(seed: 1);
        var data = EveryTask.Load(ml, EveryTask.Rows());
        foreach (var standardize in new[] { true, false })
        {
            Action<SupervisedOptions> change = o => (o.Network, o.StandardizeFeatures, o.Epochs) = (Network.FeedForward(16) with { Encoding = encoding }, standardize, 3);
            using var model = EveryTask.Fit(ml, EveryTask.Multiclass, data, change);
            var loaded = EveryTask.SaveAndLoad(model, data.Schema);
            EveryTask.AreClose(EveryTask.Scores(model, data), EveryTask.Scores(loaded, data), 1e-6);
            EveryTask.IsTakenUp(model, loaded);
            // Other rows would cut other bins: those of the model stay.
            using var further = EveryTask.Fit(ml, EveryTask.Multiclass, EveryTask.Load(ml, EveryTask.Rows(120, seed: 6)), change, loaded);
            Assert.AreEqual(model.Model.ParameterCount, further.Model.ParameterCount);
            Assert.AreEqual(encoding, ((FeedForwardNetwork)further.Model.Network).Encoding);
        }
        using var plain = EveryTask.Fit(ml, EveryTask.Multiclass, data, o => (o.Network, o.Epochs) = (Network.FeedForward(16) with { Encoding = InputEncoding.PiecewiseLinear(7) }, 1));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() =>
            EveryTask.Fit(ml, EveryTask.Multiclass, data, o => o.Network = Network.FeedForward(16) with { Encoding = encoding }, plain));
        StringAssert.Contains(error.Message, $"its Encoding is PiecewiseLinear(7 bins), not {encoding}");
    }

    /// <summary>Quartiles 0, 2, 4, 6, 8 of the first feature, whatever it is scaled by; the second is an indicator.</summary>
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Names_tell_what_a_bin_is(bool standardize)
    {
        var ml = new MLContext(seed: 1);
        var rows = Enumerable.Range(0, 45).Select(i => new Named { Ramp = i % 9, IsLarge = i % 9 > 4 ? 1 : 0, Label = i % 2 == 0 }).ToArray();
        var pipeline = ml.Transforms.Concatenate("Features", "Ramp", "IsLarge").Append(ml.BinaryClassification.Trainers.DeepNetwork(new DeepNetworkBinaryTrainer.Options
        {
            Network = Network.FeedForward(4) with { Encoding = InputEncoding.PiecewiseLinear(bins: 4) },
            StandardizeFeatures = standardize,
            Epochs = 1,
        }));
        using var model = pipeline.Fit(ml.Data.LoadFromEnumerable(rows));
        CollectionAssert.AreEqual(new[] { "Ramp", "IsLarge", "Ramp from 0 to 2", "Ramp from 2 to 4", "Ramp from 4 to 6", "Ramp from 6 to 8" },
            model.LastTransformer.GetEncodedFeatureNames().Select(Rounded).ToArray());

        // Scaled to single precision and back.
        static string Rounded(string name) => System.Text.RegularExpressions.Regex.Replace(name, @"-?\d+(\.\d+)?(E-\d+)?", number => $"{Math.Abs(Math.Round(double.Parse(number.Value, System.Globalization.CultureInfo.InvariantCulture), 3))}");
    }

    private sealed class Named
    {
        public float Ramp { get; set; }

        public float IsLarge { get; set; }

        public bool Label { get; set; }
    }

    [TestMethod]
    public void An_autoencoder_restores_the_numbers_and_not_their_codes()
    {
        var ml = new MLContext(seed: 1);
        var data = EveryTask.Load(ml, EveryTask.Rows());
        using var model = ml.Transforms.DeepAutoencoder(new DeepAutoencoderEstimator.Options
        {
            Network = Network.FeedForward(32) with { Encoding = InputEncoding.PiecewiseLinear(8, 1) },
            EmbeddingSize = 2,
            Epochs = 2,
            Seed = 1,
        }).Fit(data);
        using var module = model.Model.CreateModule(model.Objective);
        Assert.AreEqual(3, module.Features);
        Assert.AreEqual(3 + 3 * 8, module.Layers[0].Inputs);
        Assert.AreEqual(3, module.Layers[^1].Units);
    }

    [TestMethod]
    public void Wide_sparse_rows_are_not_encoded()
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(Data.WideRows.Of(60));
        using var model = ml.BinaryClassification.Trainers.DeepNetwork(new DeepNetworkBinaryTrainer.Options
        {
            LabelColumnName = "Yes",
            Network = Network.FeedForward(4) with { Encoding = InputEncoding.PiecewiseLinear() },
            Epochs = 1,
            Seed = 1,
        }).Fit(data);
        using var module = model.Model.CreateModule(model.Objective);
        Assert.AreEqual(Data.WideRows.Width, module.Layers[0].Inputs);
    }

    /// <summary>Without anything to predict.</summary>
    private static FeatureSample Sample(params float[][] sorted) => new(sorted.Length, false, feature => (sorted[feature], new float[sorted[feature].Length]));

    private static float[] Encode(InputCode code, params float[] row)
    {
        using var scope = torch.NewDisposeScope();
        using var module = code.CreateModule();
        return module.forward(torch.tensor(row, [1, row.Length])).data<float>().ToArray();
    }

    private static void AreEqual(float[] expected, float[] actual) => EveryTask.AreClose(expected, actual, 1e-6);
}
