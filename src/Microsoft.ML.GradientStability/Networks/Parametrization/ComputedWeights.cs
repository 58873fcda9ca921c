using TorchSharp.Modules;

namespace Microsoft.ML.GradientStability;

/// <summary>Weights W that a parametrization makes of those that are stored, V.</summary>
/// <param name="weight">V.</param>
internal abstract unsafe class ComputedWeights(Parameter weight) : WrittenWeights(weight)
{
    private readonly Block _gradients = new Block((int)weight.shape[1]).Of((int)weight.shape[0]);

    public sealed override float* Values => Made.Start;

    public sealed override float* Gradients => _gradients.Start;

    /// <summary>W.</summary>
    protected Block Made { get; } = new Block((int)weight.shape[1]).Of((int)weight.shape[0]);

    protected int Units => Made.Rows;

    protected int Inputs => Made.Width;

    public sealed override void Compute(bool training)
    {
        _gradients.Values.Clear();
        Make(training);
    }

    /// <summary>Makes W of V.</summary>
    protected abstract void Make(bool training);

    /// <summary>A unit's numbers of V.</summary>
    protected ReadOnlySpan<float> Of(int unit) => new(Stored.Values + (nint)unit * Inputs, Inputs);

    /// <summary>∂L/∂W of a unit, which may be changed.</summary>
    protected Span<float> GradientOf(int unit) => _gradients.RowValues(unit);

    /// <summary>∂L/∂V of a unit, to be added to.</summary>
    protected Span<float> StoredGradientOf(int unit) => new(Stored.Gradients + (nint)unit * Inputs, Inputs);
}
