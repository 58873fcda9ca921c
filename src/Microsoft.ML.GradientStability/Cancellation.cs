namespace Microsoft.ML.GradientStability;

/// <summary>
/// Whether a fit is to end. Cancelled by the token of its options, a fit that has taken a step gives the best model so far; cancelled by the
/// ML.NET context it gives none, as ML.NET's own trainers.
/// </summary>
/// <param name="token">Of the options.</param>
/// <param name="contextIsCancelled">Asks ML.NET.</param>
internal sealed class Cancellation(CancellationToken token, Func<bool> contextIsCancelled)
{
    private bool _tooLate;

    /// <summary>Never.</summary>
    public static Cancellation None { get; } = new(default, () => false);

    /// <summary>Whether the token alone was cancelled: what was learnt until then is the model.</summary>
    public bool LeavesModel => token.IsCancellationRequested && !contextIsCancelled();

    /// <exception cref="OperationCanceledException">One of the two was cancelled.</exception>
    public void ThrowIfCancelled()
    {
        if (contextIsCancelled())
            throw new OperationCanceledException(
                "The MLContext was cancelled. As ML.NET's own trainers, none works for it from then on; make a new context to train again.");
        if (!_tooLate && token.IsCancellationRequested)
            throw new OperationCanceledException(
                "The CancellationToken of the options was cancelled before the first training step, so there is no model to return.", token);
    }

    /// <summary>The model stands; from here on the token changes nothing.</summary>
    public void IgnoreToken() => _tooLate = true;
}
