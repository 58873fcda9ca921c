using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What a network over sequences looks at in the end: batch × steps × units becomes batch × units, or stays as it is where every step has outputs. Steps
/// that are not there do not count.
/// </summary>
internal abstract class SequenceSummary
{
    public abstract Tensor Of(Tensor x, StepMask? mask);

    public abstract string WriteOnnx(OnnxGraph graph, string x, StepMaskNodes? mask, string path);

    /// <summary>The last step that is there; the first one of a row that has none.</summary>
    /// <param name="units">Numbers of a step.</param>
    /// <param name="back">Of these so many at the end run from the last step to the first, and are taken of the first.</param>
    public sealed class Last(int units, int back) : SequenceSummary
    {
        public override Tensor Of(Tensor x, StepMask? mask)
        {
            var last = mask is null ? x.select(1, -1) : mask.Last(x);
            return back == 0 ? last : cat([last.narrow(1, 0, units - back), x.select(1, 0).narrow(1, units - back, back)], 1);
        }

        public override string WriteOnnx(OnnxGraph graph, string x, StepMaskNodes? mask, string path)
        {
            var last = mask is null ? At(-1, "last") : mask.WriteLast(graph, x, $"{path}.last");
            if (back == 0)
                return last;
            var forth = Part(last, 0, units - back, "forth");
            return graph.Add("Concat", [forth, Part(At(0, "first"), units - back, units, "back")], path, ("axis", 1));

            string At(int step, string name) =>
                graph.Add("Squeeze", [graph.Add("Gather", [x, graph.Constant($"{path}.{name}.step", [step])], $"{path}.{name}.steps", ("axis", 1)), graph.Constant($"{path}.{name}.axis", [1L])], $"{path}.{name}");

            string Part(string of, int from, int to, string name) => graph.Add("Slice",
                [of, graph.Constant($"{path}.{name}.from", [from]), graph.Constant($"{path}.{name}.to", [to]), graph.Constant($"{path}.{name}.axis1", [1L])], $"{path}.{name}");
        }
    }

    /// <summary>Every step, batch × steps × units; one that is not there is 0.</summary>
    public sealed class Every : SequenceSummary
    {
        public override Tensor Of(Tensor x, StepMask? mask) => mask is null ? x : x * mask.There.unsqueeze(2);

        public override string WriteOnnx(OnnxGraph graph, string x, StepMaskNodes? mask, string path) => mask is null ? x
            : graph.Add("Mul", [x, graph.Add("Unsqueeze", [mask.There, graph.Constant($"{path}.axis", [2L])], $"{path}.weights")], path);
    }

    /// <summary>The mean of the steps that are there; 0 of a row that has none.</summary>
    public sealed class Mean : SequenceSummary
    {
        private static readonly Scalar s_one = 1f;

        public override Tensor Of(Tensor x, StepMask? mask) => mask is null
            ? x.mean([1])
            : (x * mask.There.unsqueeze(2)).sum(1) / mask.There.sum(1, keepdim: true).clamp(min: s_one);

        public override string WriteOnnx(OnnxGraph graph, string x, StepMaskNodes? mask, string path)
        {
            if (mask is null)
                return graph.Add("ReduceMean", [x], path, ("axes", new[] { 1 }), ("keepdims", 0));
            var axis = graph.Constant($"{path}.axis", [1L]);
            var there = graph.Add("Mul", [x, graph.Add("Unsqueeze", [mask.There, graph.Constant($"{path}.axis2", [2L])], $"{path}.weights")], $"{path}.there");
            var sum = graph.Add("ReduceSum", [there, axis], $"{path}.sum", ("keepdims", 0));
            var count = graph.Add("Max", [graph.Add("ReduceSum", [mask.There, axis], $"{path}.counted", ("keepdims", 1)), graph.Constant($"{path}.one", 1)], $"{path}.count");
            return graph.Add("Div", [sum, count], path);
        }
    }
}
