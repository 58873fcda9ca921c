using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Which types have a missing value: NaN of the reals, zero of the keys.</summary>
internal static class MissingValues
{
    public static bool CanHold(DataViewType itemType) => IsReal(itemType) || itemType is KeyDataViewType;

    public static bool IsReal(DataViewType itemType) => itemType == NumberDataViewType.Single || itemType == NumberDataViewType.Double;

    /// <summary>Whether a value of a type that can hold missing ones is missing.</summary>
    public static bool IsMissing<T>(in T value) =>
        typeof(T) == typeof(float) || typeof(T) == typeof(double) ? Conversions.IsNA(in value) : KeyIndex.Of(value) == 0;
}
