using Microsoft.ML.GradientStability.Tests.Training;
using System.Text.Json;

namespace Microsoft.ML.GradientStability.Tests.Optimization.Schedules;

/// <summary>Every schedule against PyTorch's rule for it, written down plainly: epoch by epoch, or step by step.</summary>
[TestClass]
public sealed class ScheduleTests
{
    private const int StepsPerEpoch = 3, Epochs = 7, Steps = StepsPerEpoch * Epochs;

    public static IEnumerable<object[]> Schedules() => ((LearningRateSchedule[])
    [
        LearningRateSchedule.Constant,
        LearningRateSchedule.Step(2, 0.5),
        LearningRateSchedule.Exponential(0.8),
        LearningRateSchedule.Cosine,
        LearningRateSchedule.Cosine with { MinFactor = 0.1 },
        LearningRateSchedule.CosineRestarts(1, 2),
        LearningRateSchedule.CosineRestarts(2, 1, 0.2),
        LearningRateSchedule.OneCycle(),
        LearningRateSchedule.OneCycle(0.5, 10, 100),
        LearningRateSchedule.ReduceOnPlateau(0.5, patience: 1, threshold: 0.9, minFactor: 0.1),
    ]).Select(schedule => new object[] { schedule });

    [TestMethod]
    [DynamicData(nameof(Schedules))]
    public void Factors_are_those_of_PyTorch(LearningRateSchedule schedule)
    {
        var losses = Enumerable.Repeat(1.0, Epochs).ToArray();
        AreEqual(Plain(schedule, Steps, losses), Factors(schedule, Steps, losses));
    }

    [TestMethod]
    [DynamicData(nameof(Schedules))]
    public void Before_any_schedule_the_rate_first_climbs_to_its_beginning(LearningRateSchedule schedule)
    {
        const int warmUp = 2 * StepsPerEpoch;
        var losses = Enumerable.Repeat(1.0, Epochs + 2).ToArray();
        var after = Plain(schedule, Steps, losses[2..]);
        var climb = Enumerable.Range(1, warmUp).Select(t => after[0] * t / (warmUp + 1));
        AreEqual([.. climb, .. after], Factors(schedule with { WarmUpSteps = warmUp }, Steps + warmUp, losses));
    }

    [TestMethod]
    public void A_warm_up_that_ends_within_an_epoch_shifts_the_epochs_of_the_schedule()
    {
        var factors = Factors(LearningRateSchedule.Step(1, 0.5) with { WarmUpSteps = 1 }, 8, new double[Epochs]);
        AreEqual([0.5, 1, 1, 1, 0.5, 0.5, 0.5, 0.25], factors);
    }

    [TestMethod]
    public void Warm_up_alone_may_take_all_steps()
    {
        foreach (var schedule in Schedules().Select(s => (LearningRateSchedule)s[0]))
            Assert.IsTrue(Factors(schedule with { WarmUpSteps = 100 }, Steps, new double[Epochs]).All(f => f is > 0 and < 0.25), schedule.ToString());
    }

    [TestMethod]
    [DataRow(0, 1.0)]
    [DataRow(200, 0.75)]
    [DataRow(300, 0.5)]
    [DataRow(400, 0.25)]
    [DataRow(600, 0.0)]
    public void Cosine_falls_along_half_a_cosine(int step, double factor)
    {
        Assert.AreEqual(factor, LearningRateSchedule.Cosine.Start(600, 10).Factor(step), 1e-12);
        Assert.AreEqual(0.2 + 0.8 * factor, (LearningRateSchedule.Cosine with { MinFactor = 0.2 }).Start(600, 10).Factor(step), 1e-12);
        Assert.AreEqual(1, LearningRateSchedule.Constant.Start(600, 10).Factor(step));
    }

    /// <summary>Cycles of 10, 20 and 40 epochs of 10 steps begin at steps 0, 100, 300 and 700, and are half way down in their middle.</summary>
    [TestMethod]
    [DataRow(0, 1.0)]
    [DataRow(50, 0.5)]
    [DataRow(100, 1.0)]
    [DataRow(200, 0.5)]
    [DataRow(300, 1.0)]
    [DataRow(500, 0.5)]
    [DataRow(700, 1.0)]
    public void Cosine_restarts_after_every_cycle(int step, double factor)
    {
        var state = LearningRateSchedule.CosineRestarts().Start(100_000, 10);
        Assert.AreEqual(factor, state.Factor(step), 1e-12);
        if (factor == 1 && step > 0)
            Assert.IsLessThan(1e-3, state.Factor(step - 1));
    }

    /// <summary>The corners that PyTorch's documentation names, for 100 steps: initial_lr, max_lr at 30 %, min_lr.</summary>
    [TestMethod]
    [DataRow(0, 1.0 / 25)]
    [DataRow(29, 1.0)]
    [DataRow(99, 1.0 / 25 / 1e4)]
    [DataRow(64, (1 + 1.0 / 25 / 1e4) / 2)]
    public void One_cycle_has_its_corners(int step, double factor) =>
        Assert.AreEqual(factor, LearningRateSchedule.OneCycle().Start(100, 10).Factor(step), 1e-12);

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.5)]
    [DataRow(1.0)]
    public void One_cycle_can_be_as_short_as_a_step_and_have_one_side_only(double pctStart)
    {
        for (var steps = 1; steps <= 4; steps++)
            for (var step = 0; step < steps; step++)
                Assert.IsTrue(LearningRateSchedule.OneCycle(pctStart).Start(steps, 1).Factor(step) is > 0 and <= 1, $"{step} of {steps}");
    }

    public static IEnumerable<object[]> Plateaus() => new[]
    {
        LearningRateSchedule.ReduceOnPlateau(patience: 0),
        LearningRateSchedule.ReduceOnPlateau(patience: 2),
        LearningRateSchedule.ReduceOnPlateau(0.5, patience: 1, threshold: 0.05),
        LearningRateSchedule.ReduceOnPlateau(0.5, patience: 1, cooldown: 3),
        LearningRateSchedule.ReduceOnPlateau(0.3, patience: 0, minFactor: 0.05),
    }.Select(schedule => new object[] { schedule });

    [TestMethod]
    [DynamicData(nameof(Plateaus))]
    public void Plateaus_are_told_as_PyTorch_tells_them(ReduceOnPlateauSchedule schedule)
    {
        double[] losses = [3, 2.5, 2.49999, 2.4, 2.4, 2.4, 2.3, double.NaN, double.PositiveInfinity, 2.2, 2.19, 2.18, 2.17, 2.2, 2.2, 2.2, 2.2, 2.2, 1, 1, 1, 1, 0, 0, 0, 0];
        var (state, plain) = (schedule.Start(1000, 1), new Plateau(schedule));
        for (var epoch = 0; epoch < losses.Length; epoch++)
        {
            Assert.AreEqual(plain.Factor, state.Factor(epoch), 1e-15, $"epoch {epoch}");
            state.EpochEnded(losses[epoch]);
            plain.Step(losses[epoch]);
        }
        Assert.IsLessThan(1, plain.Factor);
    }

    /// <summary>Patience 2: three bad epochs in a row lower the rate, which is written out here.</summary>
    [TestMethod]
    public void Patience_is_the_number_of_bad_epochs_that_are_borne()
    {
        var losses = new[] { 1, 1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5 };
        AreEqual([1, 1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01], Factors(LearningRateSchedule.ReduceOnPlateau(patience: 2), 10, losses, stepsPerEpoch: 1));
    }

    /// <summary>Every step of SGD is w − η·factor·g, whatever the gradient.</summary>
    [TestMethod]
    [DynamicData(nameof(Schedules))]
    public void A_fit_moves_the_weights_by_the_scheduled_rates_and_reports_them(LearningRateSchedule schedule)
    {
        const double rate = 0.5;
        var rows = Samples.RandomRows(rows: 8 * StepsPerEpoch, width: 3, classes: 3);
        using var module = Network.FeedForward(4).CreateModule(3, 3, Initializer.HeUniform);
        using var parameters = new FlatParameters(module);
        var (before, seen, epochLosses) = (parameters.ToArray(), new List<TrainingProgress>(), new List<double>());
        var options = new DeepNetworkMulticlassTrainer.Options
        {
            Network = Network.FeedForward(4),
            Optimizer = Optimizer.Sgd(rate),
            Clipping = GradientClipper.None,
            Schedule = schedule with { WarmUpSteps = 2 },
            BatchSize = 8,
            Epochs = Epochs,
            ProgressSteps = 1,
            Progress = new EveryTask.Reports(report =>
            {
                if (report.Step == seen.Count)
                {
                    // The epoch's own report, after that of its last step.
                    Assert.AreEqual(seen[^1].LearningRate, report.LearningRate);
                    epochLosses.Add(report.Loss);
                    return;
                }
                seen.Add(report);
                var after = parameters.ToArray();
                for (var i = 0; i < after.Length; i++)
                    Assert.AreEqual(before[i] - report.LearningRate * parameters.GradientSpan[i], after[i], 2e-7 * Math.Max(1, Math.Abs(after[i])), $"step {report.Step}, weight {i}");
                before = after;
            }),
        };
        Fits.Run(options, module, parameters, rows, new FitRandom(1));

        Assert.HasCount(Steps, seen);
        var factors = Plain(schedule, Steps - 2, [.. epochLosses], firstEpochSteps: StepsPerEpoch - 2);
        factors = [factors[0] / 3, factors[0] * 2 / 3, .. factors];
        AreEqual(factors, [.. seen.Select(report => report.LearningRate / rate)]);
    }

    [TestMethod]
    public void Plateaus_are_those_of_the_held_out_rows_where_there_are_any()
    {
        var ml = new MLContext(seed: 1);
        var schedule = LearningRateSchedule.ReduceOnPlateau(0.7, patience: 0, threshold: 0.03);
        var reports = new EveryTask.Reports();
        EveryTask.Fit(ml, EveryTask.Multiclass, EveryTask.Load(ml, EveryTask.Rows()), options =>
        {
            options.Schedule = schedule;
            options.ValidationFraction = 0.3;
            options.Progress = reports;
        }).Dispose();

        var rates = reports.Seen.Select(report => report.LearningRate / 0.01).ToArray();
        AreEqual(After(report => report.ValidationLoss!.Value), rates);
        CollectionAssert.AreNotEqual(After(report => report.Loss), rates, "the training loss has other plateaus");

        double[] After(Func<TrainingProgress, double> loss) => Plain(schedule, rates.Length, [.. reports.Seen.Select(loss)], stepsPerEpoch: 1);
    }

    [TestMethod]
    public void A_step_allocates_nothing()
    {
        foreach (var state in Schedules().Select(s => ((LearningRateSchedule)s[0] with { WarmUpSteps = 5 }).Start(Steps, StepsPerEpoch)).ToArray())
        {
            Walk(state);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Walk(state);
            Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread());
        }

        static void Walk(LearningRateSchedule.State state)
        {
            for (var step = 0; step < Steps; step++)
            {
                state.Factor(step);
                state.EpochEnded(1);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Schedules))]
    public void A_schedule_survives_json(LearningRateSchedule schedule)
    {
        schedule = schedule with { WarmUpSteps = 12 };
        var text = JsonSerializer.Serialize(schedule);
        Assert.AreEqual(schedule, JsonSerializer.Deserialize<LearningRateSchedule>(text), text);
    }

    [TestMethod]
    public void A_schedule_prints_its_parameters()
    {
        string[] expected =
        [
            "Constant", "Step(2, factor 0.5)", "Exponential(0.8)", "Cosine", "Cosine(min 0.1)", "CosineRestarts(1, growth 2)",
            "CosineRestarts(2, growth 1, min 0.2)", "OneCycle(0.3, from 1/25, to 1/10000 of that)", "OneCycle(0.5, from 1/10, to 1/100 of that)",
            "ReduceOnPlateau(0.5, patience 1, threshold 0.9, min 0.1)",
        ];
        CollectionAssert.AreEqual(expected, Schedules().Select(s => s[0].ToString()).ToArray());
        Assert.AreEqual("ReduceOnPlateau(0.1, patience 10, threshold 0.0001, cooldown 2), warm-up 3 steps",
            (LearningRateSchedule.ReduceOnPlateau(cooldown: 2) with { WarmUpSteps = 3 }).ToString());
    }

    public static IEnumerable<object[]> OutOfRange() =>
    [
        ["WarmUpSteps", () => { (LearningRateSchedule.Constant with { WarmUpSteps = -1 }).ToString(); }],
        ["Epochs", () => { LearningRateSchedule.Step(0).ToString(); }],
        ["Factor", () => { LearningRateSchedule.Step(1, 0).ToString(); }],
        ["Factor", () => { LearningRateSchedule.Step(1, 1.1).ToString(); }],
        ["Factor", () => { LearningRateSchedule.Exponential(double.NaN).ToString(); }],
        ["MinFactor", () => { (LearningRateSchedule.Cosine with { MinFactor = 1.1 }).ToString(); }],
        ["FirstCycleEpochs", () => { LearningRateSchedule.CosineRestarts(0).ToString(); }],
        ["Growth", () => { LearningRateSchedule.CosineRestarts(1, 0).ToString(); }],
        ["MinFactor", () => { LearningRateSchedule.CosineRestarts(minFactor: -0.1).ToString(); }],
        ["PctStart", () => { LearningRateSchedule.OneCycle(1.1).ToString(); }],
        ["DivFactor", () => { LearningRateSchedule.OneCycle(divFactor: 0.5).ToString(); }],
        ["FinalDivFactor", () => { LearningRateSchedule.OneCycle(finalDivFactor: double.PositiveInfinity).ToString(); }],
        ["Factor", () => { LearningRateSchedule.ReduceOnPlateau(1).ToString(); }],
        ["Patience", () => { LearningRateSchedule.ReduceOnPlateau(patience: -1).ToString(); }],
        ["Threshold", () => { LearningRateSchedule.ReduceOnPlateau(threshold: 1).ToString(); }],
        ["Cooldown", () => { LearningRateSchedule.ReduceOnPlateau(cooldown: -1).ToString(); }],
        ["MinFactor", () => { LearningRateSchedule.ReduceOnPlateau(minFactor: 2).ToString(); }],
    ];

    [TestMethod]
    [DynamicData(nameof(OutOfRange))]
    public void A_parameter_out_of_range_is_refused_by_name(string option, Action set)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(set);
        Assert.AreEqual(option, error.ParamName);
        StringAssert.StartsWith(error.Message, $"{option} is ");
    }

    /// <summary>The factor of every step, of a schedule that hears a loss after every epoch.</summary>
    private static double[] Factors(LearningRateSchedule schedule, int steps, double[] epochLosses, int stepsPerEpoch = StepsPerEpoch)
    {
        var state = schedule.Start(steps, stepsPerEpoch);
        var factors = new double[steps];
        for (var step = 0; step < steps; step++)
        {
            factors[step] = state.Factor(step);
            if ((step + 1) % stepsPerEpoch == 0)
                state.EpochEnded(epochLosses[step / stepsPerEpoch]);
        }
        return factors;
    }

    /// <summary>The same by PyTorch's rules without a warm-up. Losses come after epochs of the fit, the first of which may have begun before.</summary>
    private static double[] Plain(LearningRateSchedule schedule, int steps, double[] epochLosses, int stepsPerEpoch = StepsPerEpoch, int? firstEpochSteps = null)
    {
        var factors = new double[steps];
        var (rate, inCycle, cycle) = (1.0, 0, 0);
        var plateau = schedule is ReduceOnPlateauSchedule reduce ? new Plateau(reduce) : null;
        var epochEnd = firstEpochSteps ?? stepsPerEpoch;
        for (var (t, epoch) = (0, 0); t < steps; t++)
        {
            if (t == epochEnd)
            {
                plateau?.Step(epochLosses[epoch++]);
                epochEnd += stepsPerEpoch;
            }
            var newEpoch = t > 0 && t % stepsPerEpoch == 0;
            switch (schedule)
            {
                case StepSchedule s when newEpoch && t / stepsPerEpoch % s.Epochs == 0:
                    rate *= s.Factor;
                    break;
                case ExponentialSchedule s when newEpoch:
                    rate *= s.Factor;
                    break;
                case CosineSchedule s:
                    rate = s.MinFactor + (1 - s.MinFactor) * (1 + Math.Cos(Math.PI * t / steps)) / 2;
                    break;
                case CosineRestartsSchedule s:
                    cycle = t == 0 ? s.FirstCycleEpochs : cycle;
                    if (inCycle == cycle * stepsPerEpoch)
                        (inCycle, cycle) = (0, cycle * s.Growth);
                    rate = s.MinFactor + (1 - s.MinFactor) * (1 + Math.Cos(Math.PI * inCycle++ / (cycle * stepsPerEpoch))) / 2;
                    break;
                case OneCycleSchedule s:
                    var (initial, top) = (1 / s.DivFactor, s.PctStart * steps - 1);
                    var (from, to, share) = t <= top ? (initial, 1.0, t / top) : (1.0, initial / s.FinalDivFactor, (t - top) / (steps - 1 - top));
                    rate = to + (from - to) / 2 * (1 + Math.Cos(Math.PI * share));
                    break;
                case ReduceOnPlateauSchedule:
                    rate = plateau!.Factor;
                    break;
            }
            factors[t] = rate;
        }
        return factors;
    }

    private static void AreEqual(double[] expected, double[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (var step = 0; step < expected.Length; step++)
            Assert.AreEqual(expected[step], actual[step], 1e-12, $"step {step}");
    }

    /// <summary>ReduceLROnPlateau, mode min, threshold_mode rel, as its documentation tells it.</summary>
    private sealed class Plateau(ReduceOnPlateauSchedule schedule)
    {
        private double _best = double.PositiveInfinity;
        private int _badEpochs, _cooldown;

        public double Factor { get; private set; } = 1;

        public void Step(double loss)
        {
            var better = loss < _best * (1 - schedule.Threshold);
            _best = better ? loss : _best;
            _badEpochs = better ? 0 : _badEpochs + 1;
            if (_cooldown > 0)
            {
                _cooldown--;
                _badEpochs = 0;
            }
            if (_badEpochs > schedule.Patience)
            {
                Factor = Math.Max(Factor * schedule.Factor, schedule.MinFactor);
                _cooldown = schedule.Cooldown;
                _badEpochs = 0;
            }
        }
    }
}
