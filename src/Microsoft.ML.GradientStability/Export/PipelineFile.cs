using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.OnnxProto;

namespace Microsoft.ML.GradientStability;

/// <summary>The graph of a plan: what ML.NET's converter writes of its own steps, and the files of the networks, one behind the other.</summary>
internal sealed class PipelineFile
{
    private readonly PipelineGraph _graph;

    /// <summary>What each column is at the step that was added last.</summary>
    private readonly Dictionary<string, string> _tensors = [];

    /// <summary>Predicted labels, keys, as the indexes of their classes, and what these are called.</summary>
    private readonly Dictionary<string, (string Tensor, IReadOnlyList<string> Classes)> _indexes = [];

    private readonly List<PipelineNetwork> _networks = [];
    private readonly List<(PipelineStep, string, string)> _made = [];
    private readonly List<OnnxOutputEntry> _outputs = [];

    /// <exception cref="NotSupportedException">A step or a column has no form in ONNX.</exception>
    public PipelineFile(PipelinePlan plan, ModelOperationsCatalog catalog)
    {
        _graph = new PipelineGraph([.. plan.Inputs.Select(input => input.Column), .. plan.Outputs]);
        foreach (var (column, data) in plan.Inputs)
        {
            var (type, width) = ColumnTypes.OfInput(data.Schema[column]);
            _graph.AddInput(column, type, width);
        }
        Begin(plan.Inputs, plan.Steps[0].Input);
        foreach (var step in plan.Steps)
        {
            if (step.Makes.Count > 0 && step.Transformer is DeepNetworkTransformer network)
                AddNetwork(step, network);
            else if (step.Makes.Count > 0)
                AddOfficial(step, BinningGraph.Of(step) ?? OfficialGraph.Convert(catalog, plan, step));
            Begin(plan.Inputs, step.Output);
        }
        foreach (var column in plan.Outputs)
            AddOutput(plan, column);
        _graph.Prune([.. _networks.Select(network => network.Entry.Scope)]);
    }

    public GraphProto Graph => _graph.Graph;

    public IReadOnlyList<PipelineNetwork> Networks => _networks;

    /// <summary>The columns that steps make, in order, and the tensors that they are.</summary>
    public IReadOnlyList<(PipelineStep Step, string Column, string Tensor)> Made => _made;

    /// <summary>The outputs, in the order of the plan.</summary>
    public IReadOnlyList<OnnxOutputEntry> Outputs => _outputs;

    /// <summary>What an output is called, which would have the name of an input where the pipeline changed that column.</summary>
    private string OutputName(string column) => _graph.Graph.Input.Any(input => input.Name == column) ? column + ".output" : column;

    /// <summary>Inputs that are made at this place.</summary>
    private void Begin(IEnumerable<(string Column, IDataView Data)> inputs, IDataView data)
    {
        foreach (var (column, _) in inputs.Where(input => input.Data == data))
            Set(column, column);
    }

    private void Set(string column, string tensor)
    {
        _tensors[column] = tensor;
        _indexes.Remove(column);
    }

    private void AddOfficial(PipelineStep step, GraphProto part)
    {
        var outputs = part.Output.Select(output => output.Name).ToArray();
        var scope = _graph.Scope($"step{step.Number}");
        var tensors = step.Takes.ToDictionary(column => column, column => _tensors[column]);
        _graph.Include(part, scope, tensors);
        foreach (var (column, output) in step.Makes.Zip(outputs))
        {
            var tensor = tensors[output];
            if (step.Output.Schema[column].Type is VectorDataViewType { Size: > 0 } && ColumnTypes.Of(step.Output.Schema[column]) is var (type, width))
                tensor = _graph.Shape(tensor, scope, column, type, width);
            Set(column, tensor);
            _made.Add((step, column, tensor));
        }
    }

    private void AddNetwork(PipelineStep step, DeepNetworkTransformer network)
    {
        var file = ModelProto.Parser.ParseFrom(network.Onnx);
        var columns = network.Objective.Columns;
        var scope = _graph.Scope(_networks.Count == 0 ? "network" : $"network{_networks.Count + 1}");
        var tensors = new Dictionary<string, string> { [network.FeatureColumnName] = AddRow(step, [.. network.Features.All.Select(part => part.Name)]) };
        _graph.Include(file.Graph, scope, tensors, OnnxGraph.InnerPrefix([network.FeatureColumnName, .. columns.OnnxOutputs]));

        var metadata = file.MetadataProps.Where(entry => entry.Key != OnnxDigest.Key).ToDictionary(entry => entry.Key, entry => entry.Value);
        var made = new OnnxGraph([.. columns.OnnxOutputs]);
        var names = columns.Names.ToDictionary(column => column, column => columns.WriteOnnx(made, column));
        _graph.Include(made.Graph, _graph.Scope($"columns{step.Number}"), tensors, OnnxGraph.InnerPrefix([.. columns.OnnxOutputs]));
        foreach (var column in columns.Names)
        {
            var tensor = tensors[names[column]];
            Set(column, tensor);
            if (names[column] != column && columns.OnnxOutputs.Contains(column))
                _indexes[column] = (tensors[column], JsonSerializer.Deserialize<string[]>(metadata["classes"])!);
            _made.Add((step, column, tensor));
        }
        _networks.Add(new PipelineNetwork(new OnnxNetworkEntry(scope, network.FeatureColumnName, metadata), network));
    }

    /// <summary>The row that a network takes: its columns one behind the other, keys as numbers.</summary>
    private string AddRow(PipelineStep step, IReadOnlyList<string> columns)
    {
        var row = new OnnxGraph([.. columns]);
        var tensors = columns.ToDictionary(column => column, column => _tensors[column]);
        string[] parts = [.. columns.Select((column, i) => IsKey(step.Input.Schema[column].Type) ? row.Add("Cast", [column], $"numbers{i + 1}", ("to", (int)TensorProto.Types.DataType.Float)) : column)];
        var name = parts.Length == 1 ? parts[0] : row.Add("Concat", parts, "row", ("axis", 1));
        if (name == columns[0])
            return tensors[name];
        _graph.Include(row.Graph, _graph.Scope($"row{step.Number}"), tensors, OnnxGraph.InnerPrefix([.. columns]));
        return tensors[name];
    }

    private static bool IsKey(DataViewType type) => (type is VectorDataViewType vector ? vector.ItemType : type) is KeyDataViewType;

    private void AddOutput(PipelinePlan plan, string column)
    {
        var of = plan.Scored.Schema[column];
        var (type, width) = ColumnTypes.Of(of);
        var isIndex = _indexes.TryGetValue(column, out var index);
        _graph.AddOutput(OutputName(column), isIndex ? TensorProto.Types.DataType.Int64 : type, width, isIndex ? index.Tensor : _tensors[column]);
        _outputs.Add(new OnnxOutputEntry(OutputName(column), of.Type is VectorDataViewType, isIndex ? index.Classes : null));
    }
}
