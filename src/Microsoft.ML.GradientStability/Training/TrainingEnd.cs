namespace Microsoft.ML.GradientStability;

/// <summary>Why a training ended that returned a model.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs were trained.</summary>
    AllEpochs,

    /// <summary>The loss of the held-out rows had stopped falling; see <see cref="EarlyStopping"/>.</summary>
    StoppedEarly,

    /// <summary><see cref="TrainingOptions.CancellationToken"/> was cancelled; the model is the best until then.</summary>
    Cancelled,
}
