using System.Numerics;

namespace Microsoft.ML.Transforms;

/// <summary>A way to normalize: what is gathered about each slot, and the function that follows from it.</summary>
internal interface INormalization
{
    ISlotStatistics<T> Gather<T>(int slots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
