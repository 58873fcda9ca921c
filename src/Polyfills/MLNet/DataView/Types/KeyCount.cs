using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed class KeyCount
{
    public readonly ulong? Count;

    public KeyCount()
    {
    }

    public KeyCount(ulong count)
    {
        Contracts.CheckParam(count > 0, nameof(count), "The cardinality of a key must be strictly positive.");
        Count = count;
    }
}
