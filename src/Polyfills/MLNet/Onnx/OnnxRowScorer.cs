using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Runs a model once a row, over buffers that are bound once.</summary>
internal sealed class OnnxRowScorer : IDisposable
{
    private readonly InferenceSession _session;
    private readonly DataViewRow _row;
    private readonly OnnxInput[] _inputs;
    private readonly OnnxOutput[] _outputs;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _options = new();
    private readonly bool _hasOpenOutput;
    private IDisposableReadOnlyCollection<OrtValue>? _results;
    private long _position = -1;

    public OnnxRowScorer(InferenceSession session, DataViewRow row, OnnxInput[] inputs, OnnxOutput[] outputs)
    {
        (_session, _row, _inputs, _outputs) = (session, row, inputs, outputs);
        _binding = session.CreateIoBinding();
        BindOutputs();
        _hasOpenOutput = outputs.Any(output => output.IsOpen);
    }

    public void Score()
    {
        if (_position == _row.Position)
            return;
        foreach (var input in _inputs)
            input.Load(_binding);
        if (_hasOpenOutput)
            RunAnew();
        else
            _session.RunWithBinding(_options, _binding);
        _position = _row.Position;
    }

    public void Dispose()
    {
        _results?.Dispose();
        _binding.Dispose();
        _options.Dispose();
        foreach (var value in _inputs.Cast<IDisposable>().Concat(_outputs))
            value.Dispose();
    }

    // An output whose size may differ from row to row is allocated by ONNX Runtime, each time that it is bound.
    private void RunAnew()
    {
        _results?.Dispose();
        _binding.ClearBoundOutputs();
        BindOutputs();
        _session.RunWithBinding(_options, _binding);
        _results = _binding.GetOutputValues();
        for (var i = 0; i < _outputs.Length; i++)
            _outputs[i].Result = _results.ElementAt(i);
    }

    private void BindOutputs()
    {
        foreach (var output in _outputs)
            output.Bind(_binding);
    }
}
