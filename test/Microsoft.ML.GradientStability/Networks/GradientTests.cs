using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

[TestClass]
public sealed class GradientTests
{
    private const double Step = 1e-3;

    public static IEnumerable<object[]> Networks() =>
        from activation in (Activation[])[Activation.Relu, Activation.Tanh, Activation.Sigmoid]
        from normalization in (Normalization[])[Normalization.None, Normalization.Layer, Normalization.Batch]
        from residual in (bool[])[false, true]
        select new object[]
        {
            Network.FeedForward(12, 12, 8) with { Activation = activation, Normalization = normalization, Residual = residual ? Residual.Identity : null },
        };

    /// <summary>Whatever else a network learns: slopes, scales, lengths, gates, projections.</summary>
    public static IEnumerable<object[]> Parts()
    {
        var network = Network.FeedForward(12, 12, 12, 8) with { Activation = Activation.Tanh };
        return Known.All<Normalization>().Select(n => network with { Normalization = n is GroupNormalization ? Normalization.Group(2) : n })
            .Append(network with { Normalization = Normalization.Instance(2) with { Affine = true } })
            .Concat(Known.All<WeightParametrization>().Select(p => network with { WeightParametrization = p }))
            .Concat(from residual in Known.All<Residual>().Where(r => r is not GatedResidual).Append(Residual.Gated(0.5))
                    from post in new[] { false, true }
                    select network with { Residual = residual with { BranchLayers = 2, PostNorm = post } })
            .Concat(Known.All<Activation>().Select(a => network with { Activation = a }))
            .Append(network with { Ensemble = 3 })
            .Append(network with { Activation = Activation.PRelu() with { PerUnit = true }, NormalizeAfterActivation = true })
            .Select(n => new object[] { n });
    }

    /// <summary>
    /// Along the direction v = g_l/‖g_l‖ of each layer's gradient the loss must change by ‖g_l‖ a unit:
    /// (L(w + h·v) − L(w − h·v))/2h, central difference, error O(h²) plus rounding of Single.
    /// </summary>
    [TestMethod]
    [DynamicData(nameof(Networks))]
    [DynamicData(nameof(Parts))]
    public void Gradient_of_every_layer_agrees_with_finite_differences(Network network)
    {
        var rows = Samples.RandomRows(rows: 24, width: 6, classes: 3);
        using var module = network.CreateModule(rows.Width, 3, Initializer.XavierUniform, seed: 5);
        using var parameters = new FlatParameters(module);
        using var batches = rows.Batches(rows.Count);
        // In training its power iteration would move on with every forward.
        module.train(((FeedForwardNetwork)network).WeightParametrization is not SpectralNormalization);

        Loss(backward: true);
        var gradient = Enumerable.Range(0, parameters.Layers.Length).Select(l => parameters.GradientsOf(parameters.Layers[l]).ToArray()).ToArray();
        var weights = parameters.ToArray();
        for (var l = 0; l < parameters.Layers.Length; l++)
        {
            var norm = L2Norm.Of(gradient[l]);
            Assert.IsGreaterThan(1e-4, norm, $"layer {l} of {network}");
            var numeric = (LossAt(l, Step) - LossAt(l, -Step)) / (2 * Step);
            Assert.AreEqual(norm, numeric, 0.02 * norm + 2e-4, $"layer {l} of {network}");

            double LossAt(int layer, double distance)
            {
                var moved = (float[])weights.Clone();
                for (var i = 0; i < gradient[layer].Length; i++)
                    moved[parameters.Layers[layer].Offset + i] += (float)(distance * gradient[layer][i] / norm);
                parameters.CopyFrom(moved);
                var loss = Loss(backward: false);
                parameters.CopyFrom(weights);
                return loss;
            }
        }

        double Loss(bool backward)
        {
            using var scope = NewDisposeScope();
            batches.Begin(shuffle: null);
            Assert.IsTrue(batches.Next(out var batch));
            var loss = rows.Objective.Loss(module, batch);
            if (backward)
                loss.backward();
            return loss.item<float>();
        }
    }
}
