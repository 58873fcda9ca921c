using System.Collections.Immutable;
using Microsoft.ML.GradientStability.OnnxProto;
using Microsoft.ML.Transforms;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// NormalizeBinning and NormalizeSupervisedBinning of Single, which ML.NET's converter has no form of: y = k/d − o, k the number of inner bounds below x, d the density and o the
/// offset of a slot; NaN stays NaN.
/// </summary>
internal static class BinningGraph
{
    /// <summary>The graph of a step, its inputs and outputs called as its columns; <see langword="null"/> where it is not of this kind.</summary>
    public static GraphProto? Of(PipelineStep step)
    {
        if (step.Transformer is not NormalizingTransformer normalizer)
            return null;
        var mapper = step.Transformer.GetRowToRowMapper(step.Input.Schema);
        // Its parameters have numbers: those of its columns, in the order in which it makes them.
        var all = step.All.ToList();
        var graph = new OnnxGraph([.. step.Takes, .. step.Makes]);
        foreach (var input in step.Takes)
            graph.Input(input, ColumnTypes.Of(step.Input.Schema[input]).Width);
        foreach (var name in step.Makes)
        {
            if (Slots.Of(normalizer.GetNormalizerModelParameters(all.IndexOf(name))) is not { } slots)
                return null;
            Write(graph, mapper.GetDependencies([mapper.OutputSchema[name]]).Single().Name, name, slots);
        }
        return graph.Graph;
    }

    private static void Write(OnnxGraph graph, string input, string output, Slots slots)
    {
        var (count, most) = (slots.Density.Length, Math.Max(1, slots.Bounds.Max(bounds => bounds.Length)));
        // What a slot has fewer of, nothing is above.
        var bounds = new float[count * most];
        Array.Fill(bounds, float.PositiveInfinity);
        for (var slot = 0; slot < count; slot++)
            slots.Bounds[slot].CopyTo(bounds.AsSpan(slot * most));
        using var scope = NewDisposeScope();
        var each = graph.Add("Unsqueeze", [input, graph.Constant($"{output}.axis", [2L])], $"{output}.each");
        var above = graph.Add("Greater", [each, graph.Constant($"{output}.bounds", tensor(bounds, [count, most], device: CPU))], $"{output}.above");
        var ones = graph.Add("Cast", [above], $"{output}.ones", ("to", 1));
        var bin = graph.Add("ReduceSum", [ones, graph.Constant($"{output}.counted", [2L])], $"{output}.bin", ("keepdims", 0));
        var share = graph.Add("Div", [bin, graph.Constant($"{output}.density", tensor(slots.Density, device: CPU))], $"{output}.share");
        var moved = graph.Add("Sub", [share, graph.Constant($"{output}.offset", tensor(slots.Offset, device: CPU))], $"{output}.moved");
        var isMissing = graph.Add("IsNaN", [input], $"{output}.missing");
        graph.AddOutput("Where", [isMissing, input, moved], output, count);
    }

    /// <summary>Of each slot the inner bounds, ascending, the density and the offset.</summary>
    private sealed record Slots(float[][] Bounds, float[] Density, float[] Offset)
    {
        public static Slots? Of(NormalizingTransformer.NormalizerModelParametersBase parameters) => parameters switch
        {
            NormalizingTransformer.BinNormalizerModelParameters<ImmutableArray<float>> vector =>
                new([.. vector.UpperBounds.Select(Inner)], [.. vector.Density], vector.Offset.IsDefaultOrEmpty ? new float[vector.Density.Length] : [.. vector.Offset]),
            NormalizingTransformer.BinNormalizerModelParameters<float> single => new([Inner(single.UpperBounds)], [single.Density], [single.Offset]),
            _ => null,
        };

        /// <summary>The last one bounds nothing: what is above all others falls below it.</summary>
        private static float[] Inner(ImmutableArray<float> bounds) => [.. bounds.Take(bounds.Length - 1)];
    }
}
