namespace TorchSharp;

public sealed class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager _manager;
    private readonly ScopeList _items;
    private bool _ended;

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer)
    {
        (_manager, Outer) = (manager, outer);
        _items = new(this, manager.Spare);
        manager.Spare = null;
    }

    internal DisposeScope? Outer { get; set; }

    public int DisposablesCount => Open._items.Count;
    public IReadOnlyList<IDisposable> DisposablesView => Open._items.ToArray();
    public bool Contains(IDisposable disposable) => _items.Contains(disposable);

    private DisposeScope Open => _ended ? throw new ObjectDisposedException(GetType().FullName) : this;

    internal void Add(IDisposable disposable) => _items.Add(disposable);

    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(Outer, disposable);
    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(Outer, disposables);
    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(Outer, disposables);

    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        if (Open._items.Remove(disposable)) Place(scope, disposable);
        return disposable;
    }

    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) => MoveToOther(scope, disposables.AsEnumerable());

    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables) MoveToOther<IDisposable>(scope, disposable);
    }

    public T Detach<T>(T disposable) where T : IDisposable => MoveToOther(null, disposable);
    public void Detach(params IDisposable[] disposables) => MoveToOther(null, disposables);
    public void Detach(IEnumerable<IDisposable> disposables) => MoveToOther(null, disposables);

    public void Attach(IDisposable disposable)
    {
        if (disposable is torch.Tensor { OwningDisposeScope: null, IsInvalid: false }) Open._manager.Counts.DetachedFromScopeCount--;
        Open.Place(this, disposable);
    }

    public void Attach(params IDisposable[] disposables) => Attach(disposables.AsEnumerable());

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var attached = disposables.ToArray();
        foreach (var disposable in attached) Attach(disposable);
        return attached;
    }

    public void DisposeEverything() => DisposeEverythingBut(Array.Empty<IDisposable>());
    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut(keep.AsEnumerable());

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        var items = Open._items.TakeAll(out var end);
        foreach (var disposable in inKeep) Add(disposable);
        for (var i = 0; i < end; i++)
        {
            if (items[i] is not { } disposable || _items.Count > 0 && _items.Contains(disposable)) continue;
            if (disposable is torch.Tensor tensor)
            {
                if (!tensor.IsInvalid) _manager.Counts.DisposedInScopeCount++;
                tensor.Forget();
            }
            else
                _manager.Counts.DisposedInScopeCount++;
            disposable.Dispose();
        }
        Array.Clear(items, 0, end);
        _manager.Spare = items;
    }

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }

    public void MarkAsDisposed(IDisposable disposable)
    {
        Open._manager.Counts.DisposedInScopeCount++;
        _items.Remove(disposable);
        (disposable as torch.Tensor)?.Forget();
    }

    public void Dispose()
    {
        if (_ended) return;
        DisposeEverything();
        _manager.End(this);
        _ended = true;
    }

    private void Place(DisposeScope? scope, IDisposable disposable)
    {
        if (scope is null) _manager.Counts.DetachedFromScopeCount++;
        scope?.Add(disposable);
        if (disposable is torch.Tensor tensor) tensor.OwningDisposeScope = scope;
    }
}
