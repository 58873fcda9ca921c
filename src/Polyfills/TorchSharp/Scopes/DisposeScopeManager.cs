namespace TorchSharp;

public class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScopeManager? s_ofThread;

    internal static DisposeScopeManager OfThread => s_ofThread ??= new();
    internal ThreadDisposeScopeStatistics Counts { get; } = new();
    internal DisposeScope? Current { get; private set; }
    /// The list of the last scope that ended, for the next one to begin with.
    internal IDisposable?[]? Spare { get; set; }

    public static ThreadDisposeScopeStatistics Statistics => OfThread.Counts;

    internal DisposeScope? Register(torch.Tensor tensor)
    {
        if (Current is not { } scope)
        {
            Counts.CreatedOutsideScopeCount++;
            return null;
        }
        Counts.CreatedInScopeCount++;
        scope.Add(tensor);
        return scope;
    }

    internal DisposeScope Begin() => Current = new(this, Current);

    internal void End(DisposeScope ended)
    {
        if (ReferenceEquals(Current, ended))
        {
            Current = ended.Outer;
            return;
        }
        for (var scope = Current; scope is not null; scope = scope.Outer)
            if (ReferenceEquals(scope.Outer, ended))
            {
                scope.Outer = ended.Outer;
                return;
            }
    }
}
