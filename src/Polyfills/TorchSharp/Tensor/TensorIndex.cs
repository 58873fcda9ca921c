namespace TorchSharp;

public static partial class torch
{
    /// One index: a single position, a range, or a whole dimension.
    public readonly struct TensorIndex
    {
        private readonly long? _single, _start, _stop, _step;

        private TensorIndex(long single) => _single = single;
        private TensorIndex(long? start, long? stop, long? step) => (_start, _stop, _step) = (start, stop, step);

        public static readonly TensorIndex Colon = new(null, null, null);

        public static TensorIndex Single(long? index) => new(index ?? throw new ArgumentNullException(nameof(index)));
        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new(start, stop, step);
        public static TensorIndex Slice(Range range) => new(From(range.Start), End(range.End), null);

        public static implicit operator TensorIndex(long value) => new(value);
        public static implicit operator TensorIndex(Range range) => Slice(range);

        internal torch.Tensor Take(torch.Tensor view, ref long dim) =>
            _single is { } at ? view.select(dim, at) : view.slice(dim++, _start ?? 0, _stop ?? long.MaxValue, _step ?? 1);

        private static long From(Index index) => index.IsFromEnd ? -index.Value : index.Value;
        private static long? End(Index index) => index.IsFromEnd ? index.Value == 0 ? null : -index.Value : index.Value;
    }
}
