using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public abstract partial class TrainCatalogBase
{
    /// <summary>Fits the estimator on all folds but one, and scores and judges the one, for each fold in turn.</summary>
    private protected CrossValidationResult<T>[] CrossValidateFolds<T>(IDataView data, IEstimator<ITransformer> estimator,
        int numberOfFolds, string? samplingKeyColumnName, int? seed, Func<IDataView, T> evaluate)
        where T : class
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckValue(estimator, nameof(estimator));
        Contracts.CheckParam(numberOfFolds > 1, nameof(numberOfFolds), "Must be more than 1");

        var sampler = RowSampler.Create(data, samplingKeyColumnName, seed ?? (Environment as IHostEnvironmentInternal)?.Seed);
        var models = new (ITransformer Model, IDataView Scored)[numberOfFolds];
        for (var fold = 0; fold < numberOfFolds; fold++)
        {
            // Both ends belong to a fold, as in ML.NET: a number on the border of two is held out twice.
            var (min, max) = ((double)fold / numberOfFolds, (double)(fold + 1) / numberOfFolds);
            var model = estimator.Fit(new SampledDataView(data, sampler, number => number < min || number > max));
            var held = new SampledDataView(data, sampler, number => min <= number && number <= max);
            // Links of a chain that serve training and testing only, like a mapping of labels, take part in the judgement.
            models[fold] = (model, model is ITransformerChain chain ? chain.Transform(held, TransformerScope.Everything) : model.Transform(held));
        }
        return [.. models.Select((m, fold) => new CrossValidationResult<T>(m.Model, evaluate(m.Scored), m.Scored, fold))];
    }

    public sealed class CrossValidationResult<T>
        where T : class
    {
        public readonly T Metrics;

        public readonly ITransformer Model;

        public readonly IDataView ScoredHoldOutSet;

        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scoredHoldOutSet, int fold) =>
            (Model, Metrics, ScoredHoldOutSet, Fold) = (model, metrics, scoredHoldOutSet, fold);
    }
}
