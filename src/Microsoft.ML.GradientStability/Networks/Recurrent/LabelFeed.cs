using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The label of the step before beside the features of each step of a recurrent network, one way. In training it is the true one, known for all steps at once
/// (teacher forcing, Williams and Zipser 1989); in scoring the network tells step after step, and gets what it told itself. A step that is not there has no label for the next.
/// </summary>
/// <param name="label">How a label enters.</param>
/// <param name="stages">The recurrent layers, in order.</param>
internal sealed class LabelFeed(FedLabel label, IReadOnlyList<RecurrentStage> stages)
{
    /// <summary>The steps with the labels that are given beside them.</summary>
    /// <param name="x">batch × steps × inputs.</param>
    /// <param name="labels">That of the step before, for each (batch × steps).</param>
    /// <param name="mask">Which steps are there; <see langword="null"/> where all are.</param>
    public Tensor Beside(Tensor x, Tensor labels, StepMask? mask)
    {
        var entries = label.Given(labels);
        if (mask is not null)
            entries *= cat([zeros_like(mask.There.narrow(1, 0, 1)), mask.There.narrow(1, 0, mask.There.shape[1] - 1)], 1).unsqueeze(2);
        return cat([x, entries], 2);
    }

    /// <summary>Raw outputs of all steps, each told from what was told before it (batch × steps × outputs).</summary>
    /// <param name="x">batch × steps × inputs.</param>
    /// <param name="mask">Which steps are there; <see langword="null"/> where all are.</param>
    /// <param name="output">What makes outputs of the last layer's units, batch × 1 × units.</param>
    public Tensor Run(Tensor x, StepMask? mask, Func<Tensor, Tensor> output)
    {
        var states = stages.Select(stage => stage.Start(x)).ToArray();
        var told = zeros(x.shape[0], 1, label.Width, dtype: ScalarType.Float32, device: x.device);
        var outputs = new Tensor[x.shape[1]];
        for (var step = 0; step < outputs.Length; step++)
        {
            using var scope = NewDisposeScope();
            var h = cat([x.narrow(1, step, 1), told], 2);
            for (var stage = 0; stage < stages.Count; stage++)
            {
                (h, var state) = stages[stage].Next(h, states[stage]);
                states[stage] = state.MoveToOuterDisposeScope();
            }
            var there = mask?.There.narrow(1, step, 1).unsqueeze(2);
            outputs[step] = output(there is null ? h : h * there).MoveToOuterDisposeScope();
            told = label.Told(outputs[step]);
            told = (there is null ? told.alias() : told * there).MoveToOuterDisposeScope();
        }
        return cat(outputs, 1);
    }

    /// <summary>The nodes of <see cref="Run"/>, a loop over the steps.</summary>
    /// <param name="graph">The graph under construction.</param>
    /// <param name="x">batch × steps × inputs.</param>
    /// <param name="mask">Which steps are there; <see langword="null"/> where all are.</param>
    /// <param name="writeOutput">Writes the nodes of the output.</param>
    /// <param name="path">Where it stands in the network.</param>
    public string WriteRun(OnnxGraph graph, string x, StepMaskNodes? mask, Func<string, string> writeOutput, string path)
    {
        var own = $"{path}.fed";
        var (second, swap) = (graph.Constant($"{own}.axis1", [1L]), new[] { 1, 0, 2 });
        var rows = graph.Add("Gather", [graph.Add("Shape", [x], $"{own}.shape"), graph.Constant($"{own}.first", [0L])], $"{own}.count", ("axis", 0));
        var weights = stages.Select(stage => stage.WriteWeights(graph, $"{path}.{stage.Name}")).ToArray();
        (string, int)[] starts =
        [
            .. stages.SelectMany(stage => Enumerable.Range(0, stage.States).Select(state => WriteZeros([1, 0, stage.Units], $"{path}.{stage.Name}.start{state}"))),
            WriteZeros([0, label.Width], $"{own}.start"),
        ];
        string[] inputs = mask is null ? [WriteSteps(x, $"{own}.steps")]
            : [WriteSteps(x, $"{own}.steps"), WriteSteps(graph.Add("Unsqueeze", [mask.There, graph.Constant($"{own}.axis2", [2L])], $"{own}.isThere"), $"{own}.there")];
        var outputs = graph.Scan(starts, inputs, own, (states, step) =>
        {
            var after = new List<string>();
            var h = graph.Add("Unsqueeze", [graph.Add("Concat", [step[0], states[^1]], $"{own}.beside", ("axis", 1)), second], $"{own}.step");
            for (var stage = 0; stage < stages.Count; stage++)
            {
                (h, var handedOn) = stages[stage].WriteNext(graph, h, states.AsSpan(after.Count, stages[stage].States), weights[stage], $"{path}.{stages[stage].Name}");
                after.AddRange(handedOn);
            }
            if (mask is not null)
                h = graph.Add("Mul", [h, graph.Add("Unsqueeze", [step[1], second], $"{own}.weight")], $"{own}.those");
            var given = graph.Add("Squeeze", [writeOutput(h), second], $"{own}.given");
            var told = label.WriteTold(graph, given, $"{own}.told");
            return ([.. after, mask is null ? told : graph.Add("Mul", [told, step[1]], $"{own}.kept")], given);
        });
        return graph.Add("Transpose", [outputs], $"{own}.rows", ("perm", swap));

        string WriteSteps(string ofRows, string name) => graph.Add("Transpose", [ofRows], name, ("perm", swap));

        // The batch stands where the shape has a 0.
        (string Tensor, int Dimensions) WriteZeros(long[] shape, string name)
        {
            var batch = Array.IndexOf(shape, 0L);
            var sizes = graph.Add("Concat", [.. shape.Select((size, axis) => axis == batch ? rows : graph.Constant($"{name}.size{axis}", [size]))], $"{name}.sizes", ("axis", 0));
            return (graph.Add("Expand", [graph.Scalar($"{name}.zero", 0), sizes], name), shape.Length);
        }
    }
}
