using Microsoft.ML.GradientStability.Tests.Data;
using TorchSharp;
using TorchSharp.Modules;

namespace Microsoft.ML.GradientStability.Tests.Optimization;

/// <summary>Steps over sparse rows against LibTorch's over dense ones.</summary>
[TestClass]
public sealed class SlotBySlotTests
{
    private const int Rows = 96, Units = 6;

    public static IEnumerable<object[]> Clippers() =>
        from clipper in new GradientClipper[] { GradientClipper.None, GradientClipper.Norm(0.1), GradientClipper.Value(0.01), GradientClipper.ParameterNorm(0.05),
            GradientClipper.AutoClip(), GradientClipper.ZClip(), GradientClipper.AdaGc() }
        from accumulation in new[] { 1, 3 }
        select new object[] { clipper, accumulation };

    /// <summary>A gradient of 0 moves no weight, so that plain SGD does the same with and without the slots that a step does not have.</summary>
    [TestMethod]
    [DynamicData(nameof(Clippers))]
    public void Plain_gradient_descent_takes_the_steps_of_dense_rows(GradientClipper clipper, int accumulation)
    {
        var options = new DeepNetworkRegressionTrainer.Options
        {
            Optimizer = Optimizer.Sgd(0.1),
            Clipping = clipper,
            AccumulationSteps = accumulation,
        };
        var (dense, denseNorms) = Train(options, slotBySlot: false);
        var (sparse, norms) = Train(options, slotBySlot: true);
        EveryTask.AreClose(dense, sparse, 1e-5);
        for (var i = 0; i < norms.Length; i++)
            Assert.AreEqual(denseNorms[i], norms[i], 1e-5 * denseNorms[i], $"norm {i}");
    }

    public static IEnumerable<object[]> Optimizers() => new (Optimizer, Func<Parameter, torch.optim.Optimizer>)[]
    {
        (Optimizer.Sgd(0.01), p => torch.optim.SGD([p], 0.01)),
        (Optimizer.Adam(), p => torch.optim.Adam([p])),
        (Optimizer.AmsGrad(), p => torch.optim.Adam([p], amsgrad: true)),
        (Optimizer.AdamW(), p => torch.optim.AdamW([p], weight_decay: 0.01)),
        (Optimizer.Adagrad(), p => torch.optim.Adagrad([p])),
    }.Select(pair => new object[] { pair.Item1, pair.Item2 });

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void A_slot_takes_the_steps_of_PyTorchs_optimizer_over_the_batches_that_have_it(Optimizer optimizer, Func<Parameter, torch.optim.Optimizer> oracle)
    {
        const int Slots = 5;
        torch.manual_seed(2);
        using var module = Network.FeedForward(Units).CreateModule(Slots, 1, Initializer.HeUniform, seed: 1);
        using var parameters = new FlatParameters(module, slotBySlot: true);
        var state = optimizer.Start(parameters);
        using var scope = torch.NewDisposeScope();
        var weights = Enumerable.Range(0, Slots).Select(slot => new Parameter(module.Slots!.Weight.detach().select(1, slot).clone())).ToArray();
        var expected = weights.Select(oracle).ToArray();
        for (var step = 0; step < 12; step++)
        {
            // Slot 0 is in every batch, slot 1 in every second one, slot 4 in none.
            int[] met = [.. Enumerable.Range(0, Slots - 1).Where(slot => step % (slot + 1) == slot)];
            long[] places = [.. met.Select(_ => 0L), .. met.Select(slot => (long)slot)];
            var rows = torch.sparse_coo_tensor(torch.tensor(places, [2, met.Length]), torch.randn(met.Length), [1, Slots]);
            parameters.ClearGradients();
            module.forward(rows).sum().backward();
            parameters.CompleteGradients();
            Assert.AreEqual(met.Length, parameters.Moved.ToArray().Count(part => part.Index < Slots));
            foreach (var part in parameters.Moved.ToArray().Where(part => part.Index < Slots))
            {
                weights[part.Index].grad = torch.tensor(parameters.GradientSpan.Slice(part.GradientOffset, part.Length).ToArray());
                expected[part.Index].step();
            }
            state.Step(optimizer.LearningRate);
            for (var slot = 0; slot < Slots; slot++)
                EveryTask.AreClose(weights[slot].data<float>().ToArray(), module.Slots!.Weight.detach().select(1, slot).contiguous().data<float>().ToArray(), 1e-6);
        }
        foreach (var torchs in expected)
            torchs.Dispose();
    }

    [TestMethod]
    public void Penalties_act_on_the_slots_that_a_step_has()
    {
        using var module = Network.FeedForward(Units).CreateModule(3, 1, Initializer.HeUniform, seed: 1);
        using var parameters = new FlatParameters(module, slotBySlot: true);
        using var scope = torch.NewDisposeScope();
        var before = module.Slots!.Weight.detach().clone();
        module.forward(torch.sparse_coo_tensor(torch.tensor(new long[] { 0, 1 }, [2, 1]), torch.tensor(new float[] { 1 }), [1, 3])).sum().backward();
        parameters.CompleteGradients();
        Regularizer.WeightDecay(0.5).Decay(parameters, learningRate: 1);
        for (var slot = 0; slot < 3; slot++)
            EveryTask.AreClose(
                (before.select(1, slot) * (slot == 1 ? 0.5 : 1)).contiguous().data<float>().ToArray(),
                module.Slots!.Weight.detach().select(1, slot).contiguous().data<float>().ToArray(), 0);
        var gradients = parameters.GradientSpan.ToArray();
        Regularizer.L2(0.1).Penalize(parameters);
        for (var unit = 0; unit < Units; unit++)
            Assert.AreEqual(gradients[unit] + 0.1 * module.Slots!.Weight[unit, 1].item<float>(), parameters.GradientSpan[unit], 1e-6);
    }

    private static (float[] Weights, double[] Norms) Train(DeepNetworkRegressionTrainer.Options options, bool slotBySlot)
    {
        var objective = new RegressionObjective(RegressionLoss.Squared, 0, 1);
        using var module = objective.CreateModule(Network.FeedForward(Units, 5) with { Normalization = Normalization.None }, WideRows.Width, Initializer.HeUniform, seed: 1);
        using var parameters = new FlatParameters(module, slotBySlot);
        var step = new TrainingStep(new TrainingContext(options, objective, module, parameters, DataFacts.Sane(6)), module, new FitRandom(1));
        var cached = new CachedRows(WideRows.Width, weighted: false);
        foreach (var row in WideRows.Of(Rows))
            cached.Add(row.Features, row.Number, 1);
        using var batches = new CachedBatches(cached, [.. Enumerable.Range(0, Rows).Select(row => (long)row)], 8, objective.TargetType, sparse: slotBySlot);
        var norms = new List<double>();
        batches.Begin(null);
        while (step.Backward(batches, 1, norms.Count + 1))
        {
            norms.AddRange(step.Observation.LayerNorms);
            step.Update(0.05);
            norms.Add(step.ClippedNorm);
        }
        return (parameters.ToArray(), [.. norms]);
    }
}
