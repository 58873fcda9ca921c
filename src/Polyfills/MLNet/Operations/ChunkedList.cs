namespace Microsoft.ML.Data;

/// <summary>A list that grows without moving what it holds.</summary>
internal sealed class ChunkedList<T>
{
    private const int Bits = 12;
    private const int ChunkLength = 1 << Bits;

    private readonly List<T[]> _chunks = [];

    public long Count { get; private set; }

    public ref readonly T this[long index] => ref _chunks[(int)(index >> Bits)][(int)(index & (ChunkLength - 1))];

    public void Add(ReadOnlySpan<T> items)
    {
        while (!items.IsEmpty)
        {
            var start = (int)(Count & (ChunkLength - 1));
            if (start == 0)
                _chunks.Add(new T[ChunkLength]);
            var part = items[..Math.Min(items.Length, ChunkLength - start)];
            part.CopyTo(_chunks[^1].AsSpan(start));
            Count += part.Length;
            items = items[part.Length..];
        }
    }

    public void CopyTo(long first, Span<T> destination)
    {
        while (!destination.IsEmpty)
        {
            var start = (int)(first & (ChunkLength - 1));
            var length = Math.Min(destination.Length, ChunkLength - start);
            _chunks[(int)(first >> Bits)].AsSpan(start, length).CopyTo(destination);
            first += length;
            destination = destination[length..];
        }
    }
}
