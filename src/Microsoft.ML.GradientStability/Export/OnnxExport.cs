using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Writes a trained network as ONNX bytes, and holds such bytes against the network on rows of a data view.</summary>
internal static class OnnxExport
{
    public static byte[] Write(NetworkModule module, Objective objective, TrainingOptions options, string features, TrainingSummary summary)
    {
        var graph = new OnnxGraph([features, .. objective.Columns.OnnxOutputs]);
        objective.WriteOnnx(graph, module, graph.Input(features, module.StepSize > 0 ? 0 : module.Features));
        return graph.ToBytes(
        [
            .. objective.Metadata,
            KeyValuePair.Create(PreviousNetwork.OptionsKey, options.ToJson()),
            KeyValuePair.Create(TrainingLedger.Key, TrainingLedger.Write(summary, OnnxFile.Version)),
        ]);
    }

    /// <summary>Holds the file of a network against its modules.</summary>
    /// <returns>How closely they agree; and, where they do not, a sentence on where they part.</returns>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    public static (OnnxParity Parity, string Difference) Check(DeepNetworkTransformer network, IDataView rows, double tolerance)
    {
        using var torchScope = new TorchScope(network.Threads);
        using var module = network.Model.CreateModule(network.Objective);
        using var scorer = new OnnxScorer(network.Onnx.ToArray(), network.Threads, network.Length.Least, network.Model.Inputs);
        using var check = new ParityCheck(module, network.Objective, scorer, tolerance);
        foreach (var _ in Rows(network, rows, check.NextRow)) { }
        var parity = check.Finish();
        if (parity.Rows == 0)
            throw new InvalidOperationException("There are no rows to compare the ONNX file with the network on; pass some as parityOn.");
        if (parity.Holds)
            return (parity, "");
        float[] row = [];
        Rows(network, rows, length => row = new float[length]).ElementAt((int)parity.Row - 1);
        return (parity, PartDifference.Find(network, module, row, tolerance));
    }

    /// <summary>The features of all rows, one after the other, each copied to its place; gives their numbers.</summary>
    private static IEnumerable<long> Rows(DeepNetworkTransformer network, IDataView rows, FeatureVector.Place place)
    {
        var features = network.Features.In(rows.Schema);
        using var cursor = rows.GetRowCursor(features.Read);
        var read = features.Getter(cursor);
        var row = default(VBuffer<float>);
        while (cursor.MoveNext())
        {
            read(ref row);
            FeatureVector.CopyTo(row, place, network, cursor.Position + 1);
            yield return cursor.Position + 1;
        }
    }
}
