using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>The official transformers that a network is loaded as, together one predictor again.</summary>
internal class LoadedNetwork : ISingleFeaturePredictionTransformer<DeepNetworkOptions>
{
    private readonly ITransformer _chain;

    internal LoadedNetwork(ITransformer chain, DeepNetworkOptions options) => (_chain, Model) = (chain, options);

    /// <summary>The options it was trained with.</summary>
    public DeepNetworkOptions Model { get; }

    /// <summary>The feature column; of several, the vector that joins them.</summary>
    public string FeatureColumnName => Columns.Count == 1 ? Columns[0] : FeatureColumns.JoinedName;

    /// <summary>A vector of Single; its size is known to the ONNX file alone.</summary>
    public DataViewType FeatureColumnType => new VectorDataViewType(NumberDataViewType.Single);

    public bool IsRowToRowMapper => _chain.IsRowToRowMapper;

    private IReadOnlyList<string> Columns => [Model.FeatureColumnName, .. Model.FurtherColumns];

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _chain.GetOutputSchema(inputSchema);

    public IDataView Transform(IDataView input) => _chain.Transform(
        Columns.Count > 1 && input.Schema.GetColumnOrNull(FeatureColumns.JoinedName) is not null ? new SplitView(input, In(input.Schema)) : input);

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => _chain.GetRowToRowMapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)_chain).Save(ctx);

    /// <summary>The feature columns in data.</summary>
    internal FeatureColumns In(DataViewSchema schema) => FeatureColumns.Of([.. Columns.Select(name => SchemaMismatch.Find(schema, "feature", name))], areTokens: Model.Network.TakesKeys, Model.Network.IsApart);
}
