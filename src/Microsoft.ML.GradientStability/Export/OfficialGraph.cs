using Microsoft.ML.GradientStability.OnnxProto;

namespace Microsoft.ML.GradientStability;

/// <summary>A step of ML.NET's own as its converter writes it, brought to a newer opset.</summary>
internal static class OfficialGraph
{
    /// <summary>The newest opset that the converter writes, and its default.</summary>
    private const int ConvertersOpset = 12;

    /// <summary>The graph of a step that takes the columns of <see cref="PipelineStep.Takes"/>; its first outputs are those of <see cref="PipelineStep.Makes"/>.</summary>
    /// <exception cref="NotSupportedException">The converter has no form of the step.</exception>
    public static GraphProto Convert(ModelOperationsCatalog catalog, PipelinePlan plan, PipelineStep step)
    {
        using var file = new MemoryStream();
        try
        {
            catalog.ConvertToOnnx(step.Transformer, new ColumnsView(step.Input, step.Takes), file, [.. step.Makes]);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            throw No($"ML.NET's converter says \"{Listing.Short(e.Message)}\"", e);
        }
        var model = ModelProto.Parser.ParseFrom(file.GetBuffer().AsSpan(0, (int)file.Length));
        var graph = model.Graph;
        if (graph.Output.Count < step.Makes.Count || step.Makes.Where((column, i) => !graph.Output[i].Name.StartsWith(column, StringComparison.Ordinal)).Any())
            throw No($"ML.NET's converter writes {Listing.Of(graph.Output.Select(o => o.Name), graph.Output.Count)} for it");
        if (model.OpsetImport.First(opset => opset.Domain.Length == 0).Version != ConvertersOpset)
            throw No($"this version of Microsoft.ML.OnnxConverter writes another opset than {ConvertersOpset}");
        Raise(graph);
        return graph;

        NotSupportedException No(string why, Exception? inner = null) => new($"{step} has no form in ONNX: {why.TrimEnd('.')}. {plan.OfferWithout(step)}", inner);
    }

    /// <summary>From opset 12 to 13: axes and splits that were attributes are inputs. Softmax of batch × classes means the same in both.</summary>
    private static void Raise(GraphProto graph)
    {
        foreach (var node in graph.Node.Where(node => node.Domain.Length == 0).ToArray())
        {
            var moved = node.OpType switch
            {
                "Squeeze" or "Unsqueeze" or "ReduceSum" => "axes",
                "Split" => "split",
                _ => null,
            };
            if (node.OpType is "Softmax" or "LogSoftmax" && node.Attribute.All(attribute => attribute.Name != "axis"))
                node.Attribute.Add(new AttributeProto { Name = "axis", I = 1, Type = AttributeProto.Types.AttributeType.Int });
            if (node.Attribute.FirstOrDefault(attribute => attribute.Name == moved) is not { } attribute)
                continue;
            node.Attribute.Remove(attribute);
            var name = $"{node.Name}.{moved}";
            graph.Initializer.Add(OnnxGraph.Numbers(name, attribute.Ints.ToArray()));
            node.Input.Add(name);
        }
    }
}
