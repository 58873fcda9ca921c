using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    private readonly (IEstimator<ITransformer> Estimator, TransformerScope Scope, bool IsCached)[] _links;

    public readonly IEstimator<TLastTransformer> LastEstimator;

    public EstimatorChain() => (_links, LastEstimator) = ([], null!);

    internal EstimatorChain((IEstimator<ITransformer> Estimator, TransformerScope Scope, bool IsCached)[] links)
    {
        _links = links;
        LastEstimator = (IEstimator<TLastTransformer>)links[^1].Estimator;
    }

    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        // A mistake in the schema of a late link shows before the first one is trained.
        GetOutputSchema(SchemaShape.Create(input.Schema));
        var transformers = new ITransformer[_links.Length];
        for (var i = 0; i < _links.Length; i++)
        {
            transformers[i] = _links[i].Estimator.Fit(input);
            input = transformers[i].Transform(input);
            if (_links[i].IsCached && i < _links.Length - 1)
                input = new CachedDataView(input);
        }
        return new TransformerChain<TLastTransformer>(transformers, _links.Select(link => link.Scope));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        _links.Aggregate(inputSchema, (schema, link) => link.Estimator.GetOutputSchema(schema));

    public EstimatorChain<TNewTrans> Append<TNewTrans>(IEstimator<TNewTrans> estimator,
        TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer
    {
        Contracts.CheckValue(estimator, nameof(estimator));
        return new EstimatorChain<TNewTrans>([.. _links, (estimator, scope, false)]);
    }

    /// <summary>The estimators after this point are trained on rows in memory. The trained chain does not remember it.</summary>
    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
    {
        Contracts.CheckValue(env, nameof(env));
        Contracts.Check(_links.Length > 0, "Current estimator chain has no estimator, can't append cache checkpoint.");
        return new([.. _links[..^1], _links[^1] with { IsCached = true }]);
    }
}
