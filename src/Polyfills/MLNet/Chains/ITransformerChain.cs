namespace Microsoft.ML.Data;

/// <summary>A chain whatever the type of its last transformer.</summary>
internal interface ITransformerChain
{
    IDataView Transform(IDataView input, TransformerScope scope);
}
