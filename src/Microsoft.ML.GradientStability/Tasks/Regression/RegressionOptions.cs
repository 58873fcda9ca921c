namespace Microsoft.ML.GradientStability;

/// <summary>The options of trainers that predict numbers, of rows or of steps.</summary>
public abstract class RegressionOptions : SupervisedOptions
{
    private RegressionLoss _loss = RegressionLoss.Squared;

    private protected RegressionOptions() { }

    /// <summary>How much an error counts. Default <see cref="RegressionLoss.Squared"/>.</summary>
    public RegressionLoss Loss { get => _loss; set => _loss = Check.NotNull(value, nameof(Loss)); }
}
