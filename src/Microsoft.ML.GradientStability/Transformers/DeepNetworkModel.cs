using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>A trained network: what it is made of, its weights, and how training went.</summary>
public sealed class DeepNetworkModel
{
    /// <summary>A loss can end at NaN or infinity; a record of it must not fail for that.</summary>
    private static readonly JsonSerializerOptions s_json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly float[] _parameters;
    private readonly float[][] _buffers;
    private readonly int _inputs;
    private readonly int _outputs;

    internal DeepNetworkModel(Network network, NetworkModule module, FlatParameters parameters, TrainingSummary summary)
    {
        (Network, Summary) = (network, summary);
        (_inputs, _outputs) = (module.Layers[0].Inputs, module.Layers[^1].Units);
        _parameters = parameters.ToArray();
        _buffers = [.. ScoringBuffers(module).Select(b => b.data<float>().ToArray())];
    }

    /// <summary>What the network is made of.</summary>
    public Network Network { get; }

    /// <summary>How training went.</summary>
    public TrainingSummary Summary { get; }

    /// <summary>The number of trained weights.</summary>
    public int ParameterCount => _parameters.Length;

    /// <summary>The network as TorchSharp modules again; the caller disposes of them.</summary>
    internal NetworkModule CreateModule()
    {
        var module = Network.CreateModule(_inputs, _outputs, Initializer.Default);
        using var parameters = new FlatParameters(module);
        parameters.CopyFrom(_parameters);
        using var scope = TorchSharp.torch.NewDisposeScope();
        foreach (var (buffer, values) in ScoringBuffers(module).Zip(_buffers))
            buffer.copy_(TorchSharp.torch.tensor(values));
        module.eval();
        return module;
    }

    /// <summary>
    /// What an ONNX file says of itself beside the graph. It holds no time, so that the same training gives the same file.
    /// </summary>
    internal static Dictionary<string, string> Metadata(DeepNetworkOptions options, TrainingSummary summary, IEnumerable<string> classes) => new()
    {
        ["task"] = "multiclass classification",
        ["classes"] = JsonSerializer.Serialize(classes),
        ["options"] = options.ToString(),
        ["training"] = JsonSerializer.Serialize(new
        {
            epochs = summary.Epochs,
            steps = summary.Steps,
            loss = summary.Loss,
            validationLoss = summary.ValidationLoss,
            validationAccuracy = summary.ValidationAccuracy,
            findings = summary.Findings.Select(f => f.ToString()),
        }, s_json),
    };

    /// <summary>Running statistics of batch normalization; the count of batches (Int64) plays no part in scoring.</summary>
    private static IEnumerable<TorchSharp.torch.Tensor> ScoringBuffers(NetworkModule module) =>
        module.named_buffers().Select(b => b.Item2).Where(b => b.dtype == TorchSharp.torch.ScalarType.Float32);
}
