using System.Runtime.InteropServices;
using Microsoft.ML.GradientStability.OnnxProto;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

/// <summary>Every part of every network in ONNX Runtime, after a few steps have moved all its numbers away from their first values.</summary>
[TestClass]
public sealed class NetworkOnnxTests
{
    private static readonly FeedForwardNetwork s_plain = Network.FeedForward(32, 48, 32) with { Dropout = 0.2 };

    private readonly MLContext _ml = new(seed: 1);
    private readonly string _file = Path.GetTempFileName();

    [TestCleanup]
    public void Remove() => File.Delete(_file);

    public static IEnumerable<object[]> Networks() =>
        from network in Plain().Concat(WithResiduals()).Distinct()
        select new object[] { network };

    private static IEnumerable<FeedForwardNetwork> Plain()
    {
        foreach (var activation in Known.All<Activation>().Concat(
        [
            Activation.LeakyRelu(0.3), Activation.PRelu(0.1) with { PerUnit = true }, Activation.Elu(0.5), Activation.Softplus(2),
            Activation.HardTanh(-0.5, 2),
        ]))
            yield return s_plain with { Activation = activation, Normalization = Normalization.None };
        foreach (var normalization in Known.All<Normalization>().Concat(
        [
            Normalization.Group(2) with { Epsilon = 0.01 }, Normalization.Instance(4) with { Affine = true }, Normalization.Rms with { Epsilon = 0.1 },
            Normalization.Layer with { Epsilon = 0.1 }, Normalization.Batch with { Epsilon = 0.1, Momentum = 0.3 },
        ]))
        {
            yield return s_plain with { Normalization = normalization };
            yield return s_plain with { Normalization = normalization, NormalizeAfterActivation = true };
        }
        foreach (var parametrization in Known.All<WeightParametrization>())
        {
            yield return s_plain with { WeightParametrization = parametrization, Normalization = Normalization.Group() };
            yield return s_plain with { WeightParametrization = parametrization, Residual = Residual.Identity with { StochasticDepth = 0.3 } };
        }
        yield return s_plain with { Ensemble = 3, Normalization = Normalization.Batch, WeightParametrization = WeightParametrization.WeightNormalization };
        yield return s_plain with { Encoding = InputEncoding.Periodic(3) };
        yield return s_plain with { Ensemble = 2, Encoding = InputEncoding.PiecewiseLinear(4, 1), Residual = Residual.Identity };
        foreach (var bias in new[] { false, true })
            yield return s_plain with { Normalization = Normalization.Batch, Bias = bias };
        yield return Network.FeedForward(16, 16, 16) with { Activation = Activation.Selu, Normalization = Normalization.None, AlphaDropout = 0.2 };
    }

    private static IEnumerable<FeedForwardNetwork> WithResiduals() =>
        from residual in Known.All<Residual>()
        from post in new[] { false, true }
        from branchLayers in new[] { 1, 2 }
        from normalization in (Normalization[])[Normalization.None, Normalization.Layer, Normalization.Batch]
        from after in normalization is NoNormalization ? new[] { false } : [false, true]
        select Network.FeedForward(16, 16, 8, 8) with
        {
            Normalization = normalization, NormalizeAfterActivation = after, Dropout = 0.1,
            Residual = residual with { PostNorm = post, BranchLayers = branchLayers, StochasticDepth = 0.4 },
        };

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Scores_in_ONNX_Runtime_as_in_LibTorch(FeedForwardNetwork network)
    {
        var data = EveryTask.Load(_ml, EveryTask.Rows(120));
        using var model = Fit(network, data);
        var parity = model.SaveAsOnnx(_file, data);
        Assert.AreEqual(120, parity.Rows);
        // The tolerance is 1e-4 of the greatest score; these are to agree ten times as closely.
        Assert.IsLessThanOrEqualTo(parity.Tolerance / 10, parity.GreatestDifference, parity.ToString());

        // Nothing is proven of a number that is still 0 or 1: every one must have left its first value.
        var trained = ModelProto.Parser.ParseFrom(File.ReadAllBytes(_file)).Graph.Initializer.ToDictionary(c => c.Name["network/".Length..]);
        using var scope = NewDisposeScope();
        using var first = model.Objective.CreateModule(network, 3, Initializer.HeUniform, Seed);
        foreach (var (name, before) in first.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Concat(first.ScoringBuffers()))
            // A direction of one dimension is 1 or −1 for ever.
            if (!(name.EndsWith(".left") && before.numel() == 1))
                Assert.IsFalse(
                    MemoryMarshal.Cast<byte, float>(trained[name].RawData.Span).SequenceEqual(before.data<float>().ToArray()), $"{name} was not trained");
        Assert.IsGreaterThan(0.01, Spread(EveryTask.Scores(model, data)));
    }

    /// <summary>Weights of all kinds go through a file into a network that learns on.</summary>
    [TestMethod]
    public void A_saved_network_of_all_parts_is_loaded_and_taken_up_again()
    {
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        foreach (var network in new[]
        {
            s_plain with
            {
                Activation = Activation.PRelu() with { PerUnit = true }, WeightParametrization = WeightParametrization.WeightNormalization,
                Residual = Residual.Gated() with { BranchLayers = 2 }, Normalization = Normalization.Rms,
            },
            s_plain with
            {
                WeightParametrization = WeightParametrization.SpectralNormalization, Normalization = Normalization.Batch, Residual = Residual.Projection,
            },
            s_plain with { WeightParametrization = WeightParametrization.WeightStandardization, Normalization = Normalization.Group() },
            s_plain with { Normalization = Normalization.Instance(4) with { Affine = true }, Activation = Activation.PRelu() },
        })
        {
            using var model = Fit(network, data);
            var loaded = EveryTask.SaveAndLoad(model, data.Schema);
            EveryTask.AreClose(EveryTask.Scores(model, data), EveryTask.Scores(loaded, data), 1e-5);

            EveryTask.IsTakenUp(model, loaded);
            using var next = Fit(network, data, loaded);
            CollectionAssert.AreNotEqual(EveryTask.Scores(model, data), EveryTask.Scores(next, data), network.ToString());
        }
    }

    [TestMethod]
    public void An_autoencoder_of_all_parts_agrees_too()
    {
        var data = EveryTask.Load(_ml, EveryTask.Rows(120));
        foreach (var (parametrization, residual) in Known.All<WeightParametrization>().Zip(Known.All<Residual>().Append(Residual.Gated(1))))
        {
            using var model = _ml.Transforms.DeepAutoencoder(new()
            {
                Network = Network.FeedForward(24, 24, 16) with
                {
                    Activation = Activation.PRelu(), WeightParametrization = parametrization, Normalization = Normalization.Group(4), Dropout = 0.1,
                    Residual = residual with { BranchLayers = 2, StochasticDepth = 0.2 },
                },
                EmbeddingSize = 4, OutputColumnName = "Code", ErrorColumnName = "Lost", BatchSize = 16, Epochs = 3, Seed = Seed,
                Stability = StabilityPolicy.Warn,
            }).Fit(data);
            var parity = model.SaveAsOnnx(_file, data);
            Assert.IsTrue(parity.Holds, $"{parametrization}, {residual}: {parity}");
        }
    }

    private const int Seed = 3;

    private DeepNetworkTransformer Fit(FeedForwardNetwork network, IDataView data, ITransformer? previous = null, Action<SupervisedOptions>? change = null) =>
        EveryTask.Fit(_ml, EveryTask.Regression, data, options =>
        {
            (options.Network, options.Epochs, options.Seed, options.Stability) = (network, 3, Seed, StabilityPolicy.Warn);
            change?.Invoke(options);
        }, previous);

    private static double Spread(float[] scores) => scores.Max() - scores.Min();
}
