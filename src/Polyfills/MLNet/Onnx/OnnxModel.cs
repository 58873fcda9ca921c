using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>An open model with what goes in and comes out.</summary>
internal sealed class OnnxModel : IDisposable
{
    public OnnxModel(OnnxModelSource source, OnnxDevice device)
    {
        Bytes = source.Bytes;
        try
        {
            Session = device.Open(source);
        }
        catch (OnnxRuntimeException e)
        {
            throw Contracts.Except($"Error initializing model: {e.Message}", e);
        }

        Inputs = [.. Session.InputMetadata.Select(input => OnnxVariable.Of(input.Key, input.Value, input.Value.Dimensions))];
        // ONNX Runtime reports the shapes that it infers; a column has the shape that the file declares.
        var declared = OnnxGraphReader.OutputShapes(Bytes);
        Outputs = [.. Session.OutputMetadata.Select(output => OnnxVariable.Of(output.Key, output.Value, declared[output.Key]))];
    }

    public byte[] Bytes { get; }

    public InferenceSession Session { get; }

    public OnnxVariable[] Inputs { get; }

    public OnnxVariable[] Outputs { get; }

    public OnnxVariable Input(string name) => Find(Inputs, name, "Input");

    public OnnxVariable Output(string name) => Find(Outputs, name, "Output");

    public void Dispose() => Session.Dispose();

    private static OnnxVariable Find(OnnxVariable[] variables, string name, string role) => variables.FirstOrDefault(v => v.Name == name)
        ?? throw Contracts.ExceptParam(nameof(name), $"{role} tensor, {name}, does not exist in the ONNX model. " +
            $"Available {role.ToLowerInvariant()} names are [{string.Join(",", variables.Select(v => v.Name))}].");
}
