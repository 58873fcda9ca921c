using Microsoft.ML.GradientStability.OnnxProto;
using ElementType = Microsoft.ML.GradientStability.OnnxProto.TensorProto.Types.DataType;

namespace Microsoft.ML.GradientStability;

/// <summary>One graph put together of the graphs of steps. Inputs and outputs are called as columns, everything inside begins with a prefix that no column has.</summary>
internal sealed class PipelineGraph
{
    private readonly GraphProto _graph = new() { Name = "pipeline" };
    private readonly string[] _columns;

    /// <param name="columns">The names of all inputs and outputs.</param>
    public PipelineGraph(IEnumerable<string> columns) => _columns = [.. columns];

    /// <summary>The graph as it stands.</summary>
    public GraphProto Graph => _graph;

    /// <summary>What the names of a part begin with.</summary>
    public string Scope(string part) => OnnxGraph.InnerPrefix($"{part}/", _columns);

    public void AddInput(string name, ElementType type, int width) => _graph.Input.Add(OnnxFile.Value(name, type, width));

    /// <summary>Declares an output that a tensor gives.</summary>
    public void AddOutput(string name, ElementType type, int width, string tensor)
    {
        _graph.Node.Add(new NodeProto { OpType = "Identity", Name = Scope("output") + name, Input = { tensor }, Output = { name } });
        _graph.Output.Add(OnnxFile.Value(name, type, width));
    }

    /// <summary>
    /// Brings a tensor of as many values a row into the form batch × <paramref name="width"/>. Its type is told: ONNX's checker does not infer
    /// that of every operator of ML.NET's converter.
    /// </summary>
    public string Shape(string tensor, string scope, string column, ElementType type, int width)
    {
        _graph.ValueInfo.Add(new ValueInfoProto { Name = tensor, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = type } } });
        var (shaped, shape) = ($"{scope}shaped/{column}", $"{scope}shape/{column}");
        _graph.Initializer.Add(OnnxGraph.Numbers(shape, [-1, width]));
        _graph.Node.Add(new NodeProto { OpType = "Reshape", Name = shaped, Input = { tensor, shape }, Output = { shaped } });
        return shaped;
    }

    /// <summary>Adds the nodes and constants of a part; nodes that pass a tensor on are left out.</summary>
    /// <param name="part">Its graph; changed.</param>
    /// <param name="scope">What its names begin with from now on.</param>
    /// <param name="tensors">Its inputs, as they are called here; afterwards all its tensors.</param>
    /// <param name="oldScope">What the names of the part begin with, which is taken off.</param>
    public void Include(GraphProto part, string scope, Dictionary<string, string> tensors, string oldScope = "")
    {
        foreach (var constant in part.Initializer)
        {
            tensors[constant.Name] = constant.Name = Inner(constant.Name);
            _graph.Initializer.Add(constant);
        }
        foreach (var node in part.Node)
        {
            if (node is { OpType: "Identity", Domain: "" })
            {
                tensors[node.Output[0]] = tensors[node.Input[0]];
                continue;
            }
            node.Name = scope + node.Name;
            for (var i = 0; i < node.Input.Count; i++)
                node.Input[i] = node.Input[i].Length == 0 ? "" : tensors[node.Input[i]];
            foreach (var loop in node.Attribute.Where(attribute => attribute.G is not null))
                Rename(loop.G);
            for (var i = 0; i < node.Output.Count; i++)
                if (node.Output[i].Length > 0)
                    node.Output[i] = tensors[node.Output[i]] = Inner(node.Output[i]);
            _graph.Node.Add(node);
        }

        // What stands in the body of a loop, and what it reads from outside.
        void Rename(GraphProto body)
        {
            foreach (var value in body.Input.Concat(body.Output))
                value.Name = Known(value.Name);
            foreach (var node in body.Node)
            {
                for (var i = 0; i < node.Input.Count; i++)
                    node.Input[i] = Known(node.Input[i]);
                for (var i = 0; i < node.Output.Count; i++)
                    node.Output[i] = Known(node.Output[i]);
            }
        }

        string Known(string name) => name.Length == 0 ? "" : tensors.GetValueOrDefault(name) ?? Inner(name);

        string Inner(string name) => scope + (name.StartsWith(oldScope, StringComparison.Ordinal) ? name[oldScope.Length..] : $"output/{name}");
    }

    /// <summary>Removes what no output needs; networks stay whole, so that training can go on from them.</summary>
    /// <param name="kept">What the names of their nodes begin with.</param>
    public void Prune(IReadOnlyCollection<string> kept)
    {
        var needed = _graph.Output.Select(output => output.Name).ToHashSet();
        for (var i = _graph.Node.Count - 1; i >= 0; i--)
        {
            var node = _graph.Node[i];
            if (node.Output.Any(needed.Contains) || kept.Any(scope => node.Name.StartsWith(scope, StringComparison.Ordinal)))
                needed.UnionWith(OnnxGraph.WithBodies([node]).SelectMany(read => read.Input));
            else
                _graph.Node.RemoveAt(i);
        }
        Keep(_graph.Initializer, [.. _graph.Initializer.Where(constant => needed.Contains(constant.Name))]);
        Keep(_graph.ValueInfo, [.. _graph.ValueInfo.Where(value => needed.Contains(value.Name)).DistinctBy(value => value.Name)]);
        Keep(_graph.Input, [.. _graph.Input.Where(input => needed.Contains(input.Name))]);

        static void Keep<T>(Google.Protobuf.Collections.RepeatedField<T> all, T[] some)
        {
            all.Clear();
            all.AddRange(some);
        }
    }
}
