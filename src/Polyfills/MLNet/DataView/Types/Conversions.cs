namespace Microsoft.ML.Data;

/// <summary>The missing value of a .NET type: NaN of the reals, the default of every other.</summary>
internal static class Conversions
{
    public static T NA<T>() =>
        typeof(T) == typeof(float) ? (T)(object)float.NaN
        : typeof(T) == typeof(double) ? (T)(object)double.NaN
        : default!;

    /// <summary>True for NaN. Whether the default of another type stands for a missing value depends on the view's type.</summary>
    public static bool IsNA<T>(in T value) => value is float.NaN or double.NaN;
}
