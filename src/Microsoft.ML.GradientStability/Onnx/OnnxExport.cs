using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Holds a network's ONNX bytes against its TorchSharp modules on rows of a data view.</summary>
internal static class OnnxExport
{
    public static OnnxParity Check(DeepNetworkTransformer network, IDataView rows, double tolerance)
    {
        var features = network.FindFeatures(rows.Schema);
        using var module = network.Model.CreateModule();
        using var scorer = new OnnxScorer(network.Onnx.ToArray());
        using var check = new ParityCheck(module, scorer, tolerance);
        using var cursor = rows.GetRowCursor([features]);
        var read = cursor.GetGetter<VBuffer<float>>(features);
        var row = default(VBuffer<float>);
        while (cursor.MoveNext())
        {
            read(ref row);
            row.CopyTo(check.NextRow());
        }
        var parity = check.Finish();
        return parity.Rows > 0
            ? parity
            : throw new InvalidOperationException("There are no rows to compare the ONNX file with the network on; pass some as parityOn.");
    }
}
