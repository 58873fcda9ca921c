namespace Microsoft.ML.GradientStability;

/// <summary>
/// Rows a batch and passes over the rows, as options give them or, where they do not, as the number of rows asks for: batches of 32 to 256
/// rows, about a sixteenth of all; and as many passes as make rows^¾ steps, at least 300 for numbers and 50 a class, of at most 8, for classes, at most
/// 3,000, and one pass at least. Chosen by <c>build/bench.sh Tables study</c>: steps count, not passes, and what more of them learn of few rows
/// is noise. Of rows with little noise numbers are learnt in at least 1,200 steps, or 100 passes where these are fewer, and classes in three times the steps.
/// </summary>
/// <param name="BatchSize">Rows a batch.</param>
/// <param name="Epochs">Passes over the rows.</param>
internal readonly record struct StepBudget(int BatchSize, int Epochs)
{
    private const int LeastBatch = 32, GreatestBatch = 256, BatchesOfRows = 16;
    private const double LeastSteps = 300, GreatestSteps = 3000, Power = 0.75, StepsOfClass = 50, ClassesThatCount = 8;
    private const double LeastOfLittleNoise = 1200, PassesOfLittleNoise = 100, TimesForClasses = 3;

    /// <param name="options">Batch size and passes, where they name them.</param>
    /// <param name="rows">Training rows.</param>
    /// <param name="classes">Classes among their labels; 0 where these are numbers.</param>
    /// <param name="littleNoise">Whether noise is taken to do little harm, because the first of several networks was taken; of classes, where a temperature takes back the certainty that more steps bring.</param>
    public static StepBudget Of(TrainingOptions options, long rows, int classes, bool littleNoise)
    {
        var batchSize = options.BatchSize ?? (int)Math.Clamp((long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)(rows / BatchesOfRows + 1)) / 2, LeastBatch, GreatestBatch);
        var stepsAPass = Math.Ceiling((double)rows / batchSize / options.AccumulationSteps);
        var least = classes > 0 ? StepsOfClass * Math.Min(classes, ClassesThatCount)
            : littleNoise ? Math.Clamp(PassesOfLittleNoise * stepsAPass, LeastSteps, LeastOfLittleNoise) : LeastSteps;
        var times = classes > 0 && littleNoise ? TimesForClasses : 1;
        var steps = Math.Min(times * Math.Max(Math.Pow(rows, Power), least), GreatestSteps);
        return new StepBudget(batchSize, options.Epochs ?? (int)Math.Ceiling(steps / stepsAPass));
    }
}
