using Microsoft.ML.GradientStability;

namespace Endurance;

/// <summary>Acts once every so many steps of a fit.</summary>
internal sealed class Watch(int every, Action<int> act) : IProgress<TrainingProgress>
{
    private int _last;

    public void Report(TrainingProgress progress)
    {
        var step = (int)progress.Step;
        if (step % every != 0 || step == _last)
            return;
        _last = step;
        act(step);
    }
}
