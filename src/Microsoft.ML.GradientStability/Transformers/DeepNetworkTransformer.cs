using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A trained deep network in a pipeline. It adds the score columns of its task, which the trainer's documentation names. It scores by
/// ONNX Runtime, in batches, the very bytes that <c>SaveAsOnnx</c> writes, and is saved as official transformers around them: a
/// program that loads the model needs this assembly beside it, and no LibTorch.
/// </summary>
[TypeFormatterSource]
public class DeepNetworkTransformer : ISingleFeaturePredictionTransformer<DeepNetworkModel>, IOnnxNetwork, IDisposable
{
    private readonly byte[] _onnx;
    private readonly OnnxScorer _scorer;

    internal DeepNetworkTransformer(DeepNetworkModel model, byte[] onnx, Objective objective, FeatureColumns features, int? gpu)
    {
        (Model, _onnx, Objective, Features) = (model, onnx, objective, features);
        Threads = Cores.ForScoring(ScoringCursor.MostRowsAtOnce, objective.LargestMatrix(model.Network, model.Inputs));
        Length = model.Network.Shape is { VariesInLength: true } shape
            ? new RowLength(model.Network.HasMostSteps ? shape.Size : int.MaxValue, shape.StepSize).Behind(model.Network.Before) : new RowLength(model.Inputs);
        _scorer = new OnnxScorer(onnx, Threads, Length.Least, model.Inputs, gpu);
    }

    /// <summary>The network, its weights and how its training went.</summary>
    public DeepNetworkModel Model { get; }

    /// <summary>The feature column; of several, the name of the vector that <see cref="DeepNetworkModelExtensions.JoinFeatures"/> makes of them.</summary>
    public string FeatureColumnName => Features.Name;

    /// <summary>A vector of known size, or of unknown size where the network takes sequences of different lengths; of Single or, where it takes tokens, of keys.</summary>
    public DataViewType FeatureColumnType => Features.Type;

    /// <summary>
    /// The numbers that the network makes of the features that are numbers, before its first layer, in words: the features, by the names of their slots, or their numbers from
    /// 0, and behind them what the encoding puts beside, as <c>alcohol from 12.1 to 12.4</c> for a bin of <see cref="PiecewiseLinearEncoding"/>, in the unit of the feature.
    /// </summary>
    /// <exception cref="TypeInitializationException">LibTorch is missing.</exception>
    public IReadOnlyList<string> GetEncodedFeatureNames()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var module = Model.CreateModule(Objective);
        return module.Names([.. Features.Numbers.Select(slot => Features.All.Count == 1 ? Features.All[0].ShortNameOf(slot) : Features.SlotName(slot))]);
    }

    /// <summary><see langword="true"/>: every output row depends on its input row alone.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The network as an ONNX file.</summary>
    internal ReadOnlySpan<byte> Onnx => _onnx;

    byte[] IOnnxNetwork.Onnx => _onnx;

    /// <summary>How many features a row may have.</summary>
    internal RowLength Length { get; }

    /// <summary>Threads that score a batch, by the size of the network.</summary>
    internal int Threads { get; }

    internal OnnxScorer Scorer => _scorer;

    /// <summary>The feature columns, as they were in training.</summary>
    internal FeatureColumns Features { get; }

    internal Objective Objective { get; }

    /// <summary>The schema of scored data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing, or not of the type the network was trained on.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        Features.In(inputSchema);
        return Objective.Columns.Extend(inputSchema);
    }

    /// <summary>Scored data; lazy as everything in ML.NET, scored in batches as a cursor moves on.</summary>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return InternalInterface.OnnxConversion.Create<ScoredDataView>(this, input);
    }

    /// <summary>Scores rows one by one, for a prediction engine.</summary>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new ScoringRowMapper(this, inputSchema);

    /// <summary>
    /// Releases the ONNX Runtime session. What other threads score at the moment is finished first; from then on scoring throws an
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose() => _scorer.Dispose();

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        using var temporary = new PrivateFolder();
        using var chain = PortableModel.Create(temporary.Context, _onnx, Features, Objective.Columns, Length with { Most = Model.Inputs });
        ((ICanSaveModel)chain).Save(ctx);
    }
}
