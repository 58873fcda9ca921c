using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>The official transformers that a network is loaded as, together one predictor again.</summary>
internal class LoadedNetwork : ISingleFeaturePredictionTransformer<DeepNetworkOptions>
{
    private readonly ITransformer _chain;

    internal LoadedNetwork(ITransformer chain, DeepNetworkOptions options) => (_chain, Model) = (chain, options);

    /// <summary>The options it was trained with.</summary>
    public DeepNetworkOptions Model { get; }

    public string FeatureColumnName => Model.FeatureColumnName;

    /// <summary>A vector of Single; its size is known to the ONNX file alone.</summary>
    public DataViewType FeatureColumnType => new VectorDataViewType(NumberDataViewType.Single);

    public bool IsRowToRowMapper => _chain.IsRowToRowMapper;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _chain.GetOutputSchema(inputSchema);

    public IDataView Transform(IDataView input) => _chain.Transform(input);

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => _chain.GetRowToRowMapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)_chain).Save(ctx);
}
