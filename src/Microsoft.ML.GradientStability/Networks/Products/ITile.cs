namespace Microsoft.ML.GradientStability;

/// <summary>A tile of a product that is computed in registers.</summary>
internal unsafe interface ITile
{
    static abstract int Rows { get; }

    static abstract int Columns { get; }

    /// <summary>c = a·b or c + a·b.</summary>
    /// <param name="a">Rows × depth.</param>
    /// <param name="down">From a row of a to the next.</param>
    /// <param name="across">From a column of a to the next.</param>
    /// <param name="rows">Rows of a, at most <see cref="Rows"/>; what is computed of those beyond is of no use.</param>
    /// <param name="b">Depth × <see cref="Columns"/>, row by row.</param>
    /// <param name="depth">Columns of a.</param>
    /// <param name="c"><see cref="Rows"/> × <see cref="Columns"/>.</param>
    /// <param name="stride">From a row of c to the next.</param>
    /// <param name="add">Whether the product is added.</param>
    static abstract void Multiply(float* a, nint down, nint across, int rows, float* b, int depth, float* c, nint stride, bool add);
}
