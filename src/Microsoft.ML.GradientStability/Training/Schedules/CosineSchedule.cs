namespace Microsoft.ML.GradientStability;

/// <summary>Factor ½·(1 + cos(π·t/T)) at step t of T (Loshchilov and Hutter 2017, "SGDR", one cycle without restart).</summary>
public sealed record CosineSchedule : LearningRateSchedule
{
    internal CosineSchedule() { }

    internal override double Factor(double progress) => 0.5 * (1 + Math.Cos(Math.PI * progress));

    /// <summary>The schedule's name.</summary>
    public override string ToString() => "Cosine";
}
