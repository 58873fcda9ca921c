using Microsoft.ML.GradientStability;

namespace QuickStart;

/// <summary>Prints findings as they come, and an epoch now and then.</summary>
internal sealed class ConsoleProgress(int everyEpochs) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress progress)
    {
        if (progress.Finding is { Severity: Severity.Warning } finding)
            Console.WriteLine($"  warning: {finding.Kind} at {finding.Layer}, step {finding.Step}: {finding.Evidence}");
        else if (progress.Finding is null && (progress.Epoch == 1 || progress.Epoch % everyEpochs == 0))
            Console.WriteLine($"  {progress}");
    }
}
