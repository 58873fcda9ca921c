using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.GradientStability;

/// <summary>A function of single numbers, for as many as a vector holds.</summary>
internal interface IFunction
{
    /// <summary>f(x).</summary>
    Vector<float> Value(Vector<float> x);

    /// <summary>f'(x).</summary>
    /// <param name="x">x.</param>
    /// <param name="y">f(x).</param>
    Vector<float> Slope(Vector<float> x, Vector<float> y);
}

/// <summary>A function of every number.</summary>
internal sealed unsafe class ElementPass<TFunction>(TFunction function, int units) : Pass where TFunction : struct, IFunction
{
    private readonly Block _output = new(units);
    private Block _input = null!;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override Block Forward(Block input, bool training)
    {
        _input = input;
        _output.Of(input.Rows);
        var own = function;
        var x = input.Start;
        var y = _output.Start;
        var end = x + (nint)input.Rows * units;
        for (; x < end; x += Vector<float>.Count, y += Vector<float>.Count)
            own.Value(Vector.Load(x)).Store(y);
        return _output;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override Block Backward(Block gradient, bool toInput = true)
    {
        var own = function;
        var x = _input.Start;
        var y = _output.Start;
        var g = gradient.Start;
        var end = g + (nint)gradient.Rows * units;
        for (; g < end; g += Vector<float>.Count, x += Vector<float>.Count, y += Vector<float>.Count)
            (Vector.Load(g) * own.Slope(Vector.Load(x), Vector.Load(y))).Store(g);
        return gradient;
    }
}
