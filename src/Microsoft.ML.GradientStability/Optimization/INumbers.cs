namespace Microsoft.ML.GradientStability;

/// <summary>
/// What the formula of a step is written in, once: on the host as many numbers as a register holds, on a device all of them. Factors and terms
/// are the same for all numbers.
/// </summary>
/// <typeparam name="T">The type itself.</typeparam>
internal interface INumbers<T> where T : struct, INumbers<T>
{
    static abstract T operator +(T a, T b);

    static abstract T operator +(T a, Factor term);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator *(Factor factor, T a);

    static abstract T operator /(T a, T b);

    /// <summary>√a.</summary>
    static abstract T Root(T a);

    /// <summary>max(a, least).</summary>
    static abstract T AtLeast(T a, Factor least);

    /// <summary>The greater of both, number for number.</summary>
    static abstract T Greater(T a, T b);
}
