namespace Microsoft.ML.GradientStability;

/// <summary>
/// Counts who uses something native, so that it is released when it was ended and the last user has left, and by nobody else. Entering and
/// leaving are one interlocked operation each.
/// </summary>
/// <param name="release">Called once.</param>
internal sealed class SharedUse(Action release)
{
    private const int Ended = int.MinValue;

    /// <summary>Users, with <see cref="Ended"/> added once no more may come.</summary>
    private int _users;

    private Action? _release = release;

    /// <summary>Whether it may be used; then <see cref="Leave"/> has to follow.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _users) > 0)
            return true;
        Leave();
        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == Ended)
            Release();
    }

    /// <summary>Lets nobody in any more; the last user releases. A second call does nothing.</summary>
    public void End()
    {
        if ((Interlocked.Or(ref _users, Ended) & ~Ended) == 0)
            Release();
    }

    /// <summary>Once: late comers that enter and leave reach the count of no users again.</summary>
    private void Release() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
