namespace TorchSharp;

/// The disposables of one scope. A tensor remembers its place here, so that adding and removing one costs no hashing.
internal sealed class ScopeList(DisposeScope owner, IDisposable?[]? buffer)
{
    private IDisposable?[] _items = buffer ?? [];
    private int _end;

    public int Count { get; private set; }

    public void Add(IDisposable disposable)
    {
        var mayBeHere = disposable is not torch.Tensor tensor || ReferenceEquals(tensor.OwningDisposeScope, owner);
        if (mayBeHere && Contains(disposable)) return;
        if (_end == _items.Length) MakeRoom();
        Put(disposable);
    }

    public bool Contains(IDisposable disposable) => IndexOf(disposable) >= 0;

    public bool Remove(IDisposable disposable)
    {
        var at = IndexOf(disposable);
        if (at < 0) return false;
        _items[at] = null;
        Count--;
        while (_end > 0 && _items[_end - 1] is null) _end--;
        return true;
    }

    public IDisposable[] ToArray() => _items.AsSpan(0, _end).ToArray().OfType<IDisposable>().ToArray();

    /// Empties the list; what it held stands in the returned array, with gaps, up to `end`.
    public IDisposable?[] TakeAll(out int end)
    {
        var taken = _items;
        end = _end;
        (_items, _end, Count) = ([], 0, 0);
        return taken;
    }

    private int IndexOf(IDisposable disposable)
    {
        if (disposable is torch.Tensor tensor && ReferenceEquals(tensor.OwningDisposeScope, owner) &&
            (uint)tensor.ScopeSlot < (uint)_end && ReferenceEquals(_items[tensor.ScopeSlot], disposable))
            return tensor.ScopeSlot;
        for (var i = 0; i < _end; i++)
            if (ReferenceEquals(_items[i], disposable)) return i;
        return -1;
    }

    private void Put(IDisposable disposable)
    {
        if (disposable is torch.Tensor tensor) tensor.ScopeSlot = _end;
        _items[_end++] = disposable;
        Count++;
    }

    /// Closes the gaps if half of the places are gaps, and doubles the list otherwise.
    private void MakeRoom()
    {
        var size = Count * 2 > _items.Length ? _items.Length * 2 : _items.Length;
        var old = TakeAll(out var end);
        _items = new IDisposable?[Math.Max(size, 32)];
        for (var i = 0; i < end; i++)
            if (old[i] is { } disposable) Put(disposable);
    }
}
