using TorchSharp;
using TorchSharp.Modules;
using static Microsoft.ML.GradientStability.Tests.Optimization.Optimizers.Stepping;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Optimization.Optimizers;

/// <summary>A thousand steps beside TorchSharp's optimizer, of all that it has and has right.</summary>
[TestClass]
public sealed class ManyStepsTests
{
    private const int Count = 1000;

    /// <param name="parameters">All of them.</param>
    public delegate optim.Optimizer Oracle(Parameter[] parameters);

    public static IEnumerable<object[]> Optimizers() => new (Optimizer, Oracle)[]
    {
        (Optimizer.Sgd(0.01), p => optim.SGD(p, 0.01)),
        (Optimizer.Sgd(0.01, 0.9), p => optim.SGD(p, 0.01, 0.9)),
        (Optimizer.Sgd(0.01, 0.9) with { Nesterov = true }, p => optim.SGD(p, 0.01, 0.9, nesterov: true)),
        (Optimizer.Adam(), p => optim.Adam(p)),
        (Optimizer.AmsGrad(), p => optim.Adam(p, amsgrad: true)),
        (Optimizer.AdamW(weightDecay: 0), p => optim.AdamW(p, weight_decay: 0)),
        (Optimizer.NAdam(), p => optim.NAdam(p)),
        (Optimizer.RmsProp(), p => optim.RMSProp(p)),
        (Optimizer.RmsProp() with { Momentum = 0.9 }, p => optim.RMSProp(p, momentum: 0.9)),
        (Optimizer.RmsProp() with { Centered = true, Momentum = 0.9 }, p => optim.RMSProp(p, momentum: 0.9, centered: true)),
        (Optimizer.Adagrad(), p => optim.Adagrad(p)),
        (Optimizer.Adagrad() with { LearningRateDecay = 0.01, InitialAccumulator = 0.1 }, p => optim.Adagrad(p, lr_decay: 0.01, initial_accumulator_value: 0.1)),
    }.Select(pair => new object[] { pair.Item1, pair.Item2 });

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void A_thousand_steps_end_where_TorchSharps_do(Optimizer optimizer, Oracle oracle)
    {
        using var module = Module();
        using var parameters = new FlatParameters(module);
        using var plainModule = Module();
        Parameter[] plain = [.. plainModule.ParametersByLayer().SelectMany(layer => layer.Parameters)];
        var state = optimizer.Start(parameters);
        using var torchs = oracle(plain);
        Parameter[] own = [.. module.ParametersByLayer().SelectMany(layer => layer.Parameters)];
        var random = new Random(3);
        for (var step = 1; step <= Count; step++)
        {
            using var scope = NewDisposeScope();
            Fill(parameters.GradientSpan, random);
            for (var p = 0; p < plain.Length; p++)
                plain[p].grad = own[p].grad!.clone().DetachFromDisposeScope();
            foreach (var group in torchs.ParamGroups)
                group.LearningRate = Rate(optimizer.LearningRate, step);
            torchs.step();
            state.Step(Rate(optimizer.LearningRate, step));
        }
        for (var p = 0; p < plain.Length; p++)
        {
            var (expected, actual) = (plain[p].data<float>().ToArray(), own[p].data<float>().ToArray());
            for (var i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], actual[i], 2e-5 * Math.Max(1, Math.Abs(expected[i])), $"{optimizer}: parameter {p}, number {i}");
        }
    }
}
