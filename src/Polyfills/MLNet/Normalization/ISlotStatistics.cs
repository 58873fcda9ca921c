using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Sees every training value of a column, slot by slot. The zeros that a sparse vector leaves out count as seen.</summary>
internal interface ISlotStatistics<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    void Add(in VBuffer<T> row);

    ColumnNormalizer Finish(DataViewType columnType);
}
