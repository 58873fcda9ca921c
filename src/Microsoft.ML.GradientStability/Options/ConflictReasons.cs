namespace Microsoft.ML.GradientStability;

/// <summary>The reasons of <c>OptionConflicts</c> that an analyzer gives too, while a program is written.</summary>
internal static class ConflictReasons
{
    public const string AlphaBesideDropout = "it takes the place of Dropout; set one of the two to 0";

    /// <summary>With the activation.</summary>
    public const string AlphaWithoutSelu =
        "it sets units to where SELU saturates, which is no value of {0}; set Activation.Selu, or Dropout in its place";

    public const string NesterovWithoutMomentum =
        "Nesterov's step looks ahead along the momentum, and there is none; set a Momentum above 0, 0.9 for one";

    public const string NoHeldOutRows = "it needs held-out rows; set a ValidationFraction above 0, 0.1 for one, or a ValidationSet";

    public const string BatchOfOne =
        "batch normalization needs at least 2 rows a batch, because one row less its own mean is 0; set Normalization.Layer for single rows";
}
