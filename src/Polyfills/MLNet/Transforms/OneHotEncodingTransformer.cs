using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Values to keys, keys to vectors. It is saved as the chain that it is.</summary>
public sealed class OneHotEncodingTransformer : ITransformer
{
    private readonly ITransformer _chain;

    internal OneHotEncodingTransformer(ITransformer steps) =>
        _chain = steps is TransformerChain<KeyToVectorMappingTransformer> ? steps : new TransformerChain<ITransformer>(steps);

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _chain.GetOutputSchema(inputSchema);

    public IDataView Transform(IDataView input) => _chain.Transform(input);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => _chain.GetRowToRowMapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => _chain.Save(ctx);
}
