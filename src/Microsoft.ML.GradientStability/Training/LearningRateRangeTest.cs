namespace Microsoft.ML.GradientStability;

/// <summary>
/// The learning-rate range test (Smith 2017, "Cyclical learning rates for training neural networks"): training steps like those of a
/// fit, each with a greater rate than the one before, until the loss explodes. No detector watches, because gradients that get out of hand
/// are what the test is after.
/// </summary>
internal sealed class LearningRateRangeTest(TrainingContext context, NetworkModule module)
{
    /// <summary>Weight of the past in the moving average of the losses.</summary>
    private const double Smoothing = 0.9;

    /// <summary>Times the lowest smoothed loss beyond which training has exploded; that of fastai and Lightning.</summary>
    private const double Explosion = 4;

    public LearningRateCurve Run(BatchSource training, FitRandom random, Cancellation cancellation, double lowest, double highest, int steps)
    {
        var step = new TrainingStep(context, module, random);
        var points = new List<LearningRatePoint>(steps);
        var (epoch, average, best) = (0, 0.0, double.PositiveInfinity);
        module.train();
        Begin();
        while (points.Count < steps)
        {
            try
            {
                cancellation.ThrowIfCancelled();
                if (!step.Backward(training, epoch, points.Count + 1))
                {
                    Begin();
                    continue;
                }
            }
            catch (OperationCanceledException) when (points.Count > 0 && cancellation.LeavesModel)
            {
                return Ended("it was cancelled");
            }
            if (!step.Observation.IsFinite)
                return Ended("the loss or its gradient was NaN or infinite");

            var rate = Math.Exp(double.Lerp(Math.Log(lowest), Math.Log(highest), points.Count / (steps - 1.0)));
            average = Smoothing * average + (1 - Smoothing) * step.Observation.Loss;
            var smoothed = average / (1 - Math.Pow(Smoothing, points.Count + 1));
            points.Add(new LearningRatePoint(rate, step.Observation.Loss, smoothed));
            if (points.Count > LearningRateCurve.FirstSteps)
            {
                best = Math.Min(best, smoothed);
                if (smoothed > Explosion * best)
                    return Ended(FormattableString.Invariant($"the loss had risen to {Explosion} times its lowest"));
            }
            step.Update(rate);
        }
        return Ended(null);

        void Begin()
        {
            epoch++;
            training.Begin(context.Options.Shuffle ? random.Order(epoch) : null);
        }

        LearningRateCurve Ended(string? early) => new(points, early);
    }
}
