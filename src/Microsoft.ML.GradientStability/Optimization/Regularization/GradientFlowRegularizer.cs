using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// λ·Ω, Ω = Σ_t (‖∂L/∂a_(t+1)·∂a_(t+1)/∂a_t‖ / ‖∂L/∂a_(t+1)‖ − 1)² over the steps of plain recurrent layers, a_t what a cell's function gets at step t, mean over
/// the rows of a batch: a gradient is to keep its length from step to step, in the directions in which there is one (Pascanu, Mikolov and Bengio 2013, section 3.3). Its
/// gradient is the immediate one by the weights from step to step, with all else as it is. A step through the layers is computed twice in parts, and takes about a third longer.
/// </summary>
public sealed record GradientFlowRegularizer : Regularizer
{
    private readonly double _strength = 1;

    [JsonConstructor]
    internal GradientFlowRegularizer() { }

    /// <summary>λ, in [0, 100]. Default 1.</summary>
    public double Strength { get => _strength; init => _strength = Check.InRange(value, 0, 100, nameof(Strength)); }

    internal override bool WatchesFlow => true;

    internal override void Penalize(FlatParameters parameters, IReadOnlyList<RecurrentFlow> flows)
    {
        // Clipping may have left a factor for whoever asks for the gradients.
        _ = parameters.Gradients;
        for (var i = 0; i < flows.Count; i++)
            flows[i].AddTo(Strength);
    }

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"GradientFlow({Strength})");
}
