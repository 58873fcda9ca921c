namespace TorchSharp;

public static partial class torch
{
    /// A reference to a native tensor. Every access to the same native tensor through another call gives another wrapper.
    public partial class Tensor : IDisposable
    {
        private static long s_total;
        private static long s_peak;

        private nint _handle;
        private DisposeScope? _scope;
        private HandleGuard? _guard;

        internal Tensor(nint handle)
        {
            _handle = handle;
            var total = Interlocked.Increment(ref s_total);
            if (total > s_peak) s_peak = total;
            OwningDisposeScope = DisposeScopeManager.OfThread.Register(this);
        }

        public static long TotalCount => s_total;
        public static long PeakCount => s_peak;

        public nint Handle =>
            _handle != 0 ? _handle : throw new InvalidOperationException("The tensor is gone: it was disposed, or its native part given away.");
        public bool IsInvalid => _handle == 0;

        internal int ScopeSlot { get; set; }

        internal DisposeScope? OwningDisposeScope
        {
            get => _scope;
            set
            {
                _scope = value;
                if (value is null && _handle != 0) _guard ??= new(_handle);
            }
        }

        /// Leaves the scope that is about to dispose this tensor, or has noted that it was disposed.
        internal void Forget() => _scope = null;

        public void Dispose() => Dispose(true);

        protected virtual void Dispose(bool disposing)
        {
            _scope?.MarkAsDisposed(this);
            if (_handle == 0) return;
            var handle = MoveHandle();
            Release(handle);
        }

        /// Takes the native reference away from this wrapper. The wrapper stays counted, as it does in TorchSharp.
        internal nint MoveHandle()
        {
            var handle = _handle;
            _handle = 0;
            if (_guard is not null) GC.SuppressFinalize(_guard);
            _guard = null;
            return handle;
        }

        internal static void Release(nint handle)
        {
            Interlocked.Decrement(ref s_total);
            Native.tensor_release(handle);
        }

        public Tensor MoveToOuterDisposeScope()
        {
            _scope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            _scope?.Detach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other._scope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (_scope is not null) _scope.MoveToOther(other, this);
            else other?.Attach(this);
            return this;
        }

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);
        public override int GetHashCode() => base.GetHashCode();
    }
}
