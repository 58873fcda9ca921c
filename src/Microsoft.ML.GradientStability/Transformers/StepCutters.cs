using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Scores of steps as far as a row goes, of those of a padded one (<see cref="SequencePadders"/>). A saved model names the class by its contract.
/// </summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class ScoreCutter : CustomMappingFactory<ScoreCutter.Padded, ScoreCutter.Cut>
{
    public const string Contract = "Microsoft.ML.GradientStability.Steps.Score";

    /// <summary>The column of the steps of a row, and of the longest.</summary>
    public const string Steps = ScoreColumns.Own + "Steps";

    /// <summary>As many numbers of a padded row as the share of its steps is that are there.</summary>
    /// <param name="values">A number or some of every step.</param>
    /// <param name="steps">Of the row, and of the longest.</param>
    public static VBuffer<T> Of<T>(in VBuffer<T> values, in VBuffer<long> steps)
    {
        var length = (int)(values.Length * steps.GetValues()[0] / steps.GetValues()[1]);
        return new VBuffer<T>(length, values.GetValues()[..length].ToArray());
    }

    public override Action<Padded, Cut> GetMapping() => (padded, cut) => cut.Score = Of(padded.Score, padded.Length);

    internal sealed class Padded
    {
        public VBuffer<float> Score { get; set; }

        [ColumnName(Steps), VectorType(2)]
        public VBuffer<long> Length { get; set; }
    }

    internal sealed class Cut
    {
        public VBuffer<float> Score { get; set; }
    }
}

/// <summary>The same of the indexes of predicted labels.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class LabelCutter : CustomMappingFactory<LabelCutter.Padded, LabelCutter.Cut>
{
    public const string Contract = "Microsoft.ML.GradientStability.Steps.PredictedLabel";

    public override Action<Padded, Cut> GetMapping() => (padded, cut) => cut.PredictedLabel = ScoreCutter.Of(padded.PredictedLabel, padded.Length);

    internal sealed class Padded
    {
        public VBuffer<long> PredictedLabel { get; set; }

        [ColumnName(ScoreCutter.Steps), VectorType(2)]
        public VBuffer<long> Length { get; set; }
    }

    internal sealed class Cut
    {
        public VBuffer<long> PredictedLabel { get; set; }
    }
}
