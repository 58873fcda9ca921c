using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>What of a pipeline goes into a file: its steps from the columns that the file takes to those that it gives.</summary>
internal sealed class PipelinePlan
{
    private PipelinePlan(IReadOnlyList<PipelineStep> steps, IReadOnlyList<(string, IDataView)> inputs, IReadOnlyList<string> outputs) =>
        (Steps, Inputs, Outputs) = (steps, inputs, outputs);

    /// <summary>All of them, also those that make nothing which is needed.</summary>
    public IReadOnlyList<PipelineStep> Steps { get; }

    /// <summary>The columns that the file takes, and the data with them.</summary>
    public IReadOnlyList<(string Column, IDataView Data)> Inputs { get; }

    /// <summary>The columns that it gives.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>The data behind the last step.</summary>
    public IDataView Scored => Steps[^1].Output;

    /// <exception cref="ArgumentException">An option names a column that there is not.</exception>
    /// <exception cref="InvalidOperationException">The pipeline holds no deep network.</exception>
    /// <exception cref="NotSupportedException">A needed step makes its columns from more than one row.</exception>
    public static PipelinePlan Create(ITransformer pipeline, IDataView sample, OnnxExportOptions options)
    {
        var steps = PipelineStep.Of(pipeline, sample).ToArray();
        var first = Array.FindIndex(steps, step => step.Transformer is DeepNetworkTransformer);
        if (first < 0)
            throw new InvalidOperationException(
                "The pipeline holds no deep network that was fitted in this program. ML.NET's own ConvertToOnnx writes a pipeline without one.");
        var outputs = Given(steps, first, options.OutputColumns);

        var (needed, inputs) = (outputs.ToHashSet(), new List<(string, IDataView)>());
        for (var i = steps.Length - 1; i >= 0; i--)
        {
            foreach (var begin in steps[i].All.Where(column => needed.Contains(column) && options.InputColumns.Contains(column)))
            {
                inputs.Add((begin, steps[i].Output));
                needed.Remove(begin);
            }
            steps[i] = steps[i].Making(needed);
            needed.ExceptWith(steps[i].Makes);
            needed.UnionWith(steps[i].Takes);
        }
        inputs.AddRange(sample.Schema.Where(column => !column.IsHidden && needed.Contains(column.Name)).Select(column => (column.Name, sample)));
        foreach (var unused in options.InputColumns.Where(column => inputs.All(input => input.Item1 != column)))
            throw new ArgumentException($"Nothing that the file gives is made of column '{unused}'. The pipeline has {Listing.Of(Names(steps[^1].Output), Names(steps[^1].Output).Count())}.", nameof(OnnxExportOptions.InputColumns));
        if (inputs.GroupBy(input => input.Item1).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"The file would take '{twice.Key}' twice, as the data has it and as the pipeline makes it. Name the columns apart.", nameof(OnnxExportOptions.InputColumns));
        return new PipelinePlan(steps, inputs, outputs);
    }

    /// <summary>A sentence on what can be written without a step.</summary>
    public string OfferWithout(PipelineStep step)
    {
        string[] offers =
        [
            .. OutputsWithout(step).ToArray() is { Length: > 0 } outputs ? [$"OutputColumns = {Quote(outputs)} leaves it out"] : (string[])[],
            .. Steps.Skip(step.Number).Any(later => later.Takes.Any(step.Makes.Contains)) ? [$"InputColumns = {Quote(step.Makes)} begins behind it"] : (string[])[],
            "model.SaveAsOnnx(path, data) writes the network alone",
        ];
        return $"What can be written: {string.Join("; ", offers)}.";

        static string Quote(IEnumerable<string> names) => $"[\"{string.Join("\", \"", names)}\"]";
    }

    private IEnumerable<string> OutputsWithout(PipelineStep step)
    {
        var lost = step.Makes.ToHashSet();
        foreach (var later in Steps.Skip(step.Number).Where(later => later.Makes.Count > 0))
            if (later.Takes.Any(lost.Contains))
                lost.UnionWith(later.Makes);
            else
                lost.ExceptWith(later.Makes);
        return Outputs.Where(output => !lost.Contains(output));
    }

    /// <summary>What is asked for, or all that is predicted.</summary>
    private static string[] Given(PipelineStep[] steps, int first, IReadOnlyList<string> asked)
    {
        var names = Names(steps[^1].Output).ToArray();
        foreach (var missing in asked.Except(names))
            throw new ArgumentException($"There is no column '{missing}'. The pipeline has {Listing.Of(names, names.Length)}.", nameof(OnnxExportOptions.OutputColumns));
        return asked.Count > 0 ? [.. asked.Distinct()] : [.. Predicted(steps.Skip(first)).Where(names.Contains)];
    }

    /// <summary>What networks make, and what is made of that.</summary>
    private static List<string> Predicted(IEnumerable<PipelineStep> steps)
    {
        var predicted = new List<string>();
        foreach (var step in steps)
            foreach (var column in step.All.ToArray())
            {
                var isPredicted = step.Transformer is DeepNetworkTransformer || step.Making(new HashSet<string> { column }).Takes.Any(predicted.Contains);
                predicted.Remove(column);
                if (isPredicted)
                    predicted.Add(column);
            }
        return predicted;
    }

    private static IEnumerable<string> Names(IDataView data) => data.Schema.Where(column => !column.IsHidden).Select(column => column.Name);
}
