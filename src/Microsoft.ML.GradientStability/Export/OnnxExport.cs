using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Writes a trained network as ONNX bytes, and holds such bytes against the network on rows of a data view.</summary>
internal static class OnnxExport
{
    /// <summary>A loss can end at NaN or infinity; a record of it must not fail for that.</summary>
    private static readonly JsonSerializerOptions s_json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static byte[] Write(NetworkModule module, Objective objective, TrainingOptions options, TrainingSummary summary)
    {
        var graph = new OnnxGraph([options.FeatureColumnName, .. objective.Columns.OnnxOutputs]);
        objective.WriteOnnx(graph, module, graph.Input(options.FeatureColumnName, module.Layers[0].Inputs));
        return graph.ToBytes(
        [
            .. objective.Metadata,
            KeyValuePair.Create(PreviousNetwork.OptionsKey, options.ToJson()),
            KeyValuePair.Create("training", Describe(summary)),
        ]);
    }

    public static OnnxParity Check(DeepNetworkTransformer network, IDataView rows, double tolerance)
    {
        var features = network.FindFeatures(rows.Schema);
        using var torchScope = new TorchScope(network.Threads);
        using var module = network.Model.CreateModule(network.Objective);
        using var scorer = new OnnxScorer(network.Onnx.ToArray(), network.Threads);
        using var check = new ParityCheck(module, network.Objective, scorer, tolerance);
        using var cursor = rows.GetRowCursor([features]);
        var read = cursor.GetGetter<VBuffer<float>>(features);
        var row = default(VBuffer<float>);
        while (cursor.MoveNext())
        {
            read(ref row);
            FeatureVector.CopyTo(row, check.NextRow(), features.Name, cursor.Position + 1);
        }
        var parity = check.Finish();
        return parity.Rows > 0
            ? parity
            : throw new InvalidOperationException("There are no rows to compare the ONNX file with the network on; pass some as parityOn.");
    }

    /// <summary>Holds no time, so that the same training gives the same file.</summary>
    private static string Describe(TrainingSummary summary) => JsonSerializer.Serialize(new
    {
        end = summary.End.ToString(),
        epochs = summary.Epochs,
        bestEpoch = summary.BestEpoch,
        steps = summary.Steps,
        loss = summary.Loss,
        validationLoss = summary.ValidationLoss,
        validationAccuracy = summary.ValidationAccuracy,
        findings = summary.Findings.Select(f => f.ToString()),
    }, s_json);
}
