using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>What a network over sequences looks at in the end: batch × steps × units becomes batch × units. Steps that are not there do not count.</summary>
internal abstract class SequenceSummary
{
    /// <param name="steps">Of a row.</param>
    protected SequenceSummary(int steps) => Steps = steps;

    protected int Steps { get; }

    public abstract Tensor Of(Tensor x, Tensor? mask);

    public abstract string WriteOnnx(OnnxGraph graph, string x, string? mask, string path);

    /// <summary>The last step that is there; the first one of a row that has none.</summary>
    /// <param name="steps">Of a row.</param>
    /// <param name="units">Numbers of a step.</param>
    /// <param name="back">Of these so many at the end run from the last step to the first, and are taken of the first.</param>
    public sealed class Last(int steps, int units, int back) : SequenceSummary(steps)
    {
        private static readonly Scalar s_one = 1f;

        private readonly float[] _numbers = [.. Enumerable.Range(1, steps).Select(step => (float)step)];

        public override Tensor Of(Tensor x, Tensor? mask)
        {
            var last = mask is null ? x.select(1, Steps - 1) : Chosen(x, mask);
            return back == 0 ? last : cat([last.narrow(1, 0, units - back), x.select(1, 0).narrow(1, units - back, back)], 1);
        }

        public override string WriteOnnx(OnnxGraph graph, string x, string? mask, string path)
        {
            var last = mask is null ? At(Steps - 1, "last") : Chosen();
            if (back == 0)
                return last;
            var forth = Part(last, 0, units - back, "forth");
            return graph.Add("Concat", [forth, Part(At(0, "first"), units - back, units, "back")], path, ("axis", 1));

            string At(int step, string name) =>
                graph.Add("Squeeze", [graph.Add("Gather", [x, graph.Constant($"{path}.{name}.step", [step])], $"{path}.{name}.steps", ("axis", 1)), graph.Constant($"{path}.{name}.axis", [1L])], $"{path}.{name}");

            string Part(string of, int from, int to, string name) => graph.Add("Slice",
                [of, graph.Constant($"{path}.{name}.from", [from]), graph.Constant($"{path}.{name}.to", [to]), graph.Constant($"{path}.{name}.axis1", [1L])], $"{path}.{name}");

            string Chosen()
            {
                using var numbers = tensor(_numbers, device: CPU);
                var step = graph.Constant($"{path}.numbers", numbers);
                var greatest = graph.Add("ReduceMax", [graph.Add("Mul", [mask, step], $"{path}.there")], $"{path}.greatest", ("axes", new[] { 1 }), ("keepdims", 1));
                var last = graph.Add("Max", [greatest, graph.Constant($"{path}.one", 1)], $"{path}.length");
                var isLast = graph.Add("Cast", [graph.Add("Equal", [step, last], $"{path}.isLast")], $"{path}.weight", ("to", 1));
                var weighted = graph.Add("Mul", [x, graph.Add("Unsqueeze", [isLast, graph.Constant($"{path}.axis2", [2L])], $"{path}.weights")], $"{path}.weighted");
                return graph.Add("ReduceSum", [weighted, graph.Constant($"{path}.axis", [1L])], $"{path}.chosen", ("keepdims", 0));
            }
        }

        private Tensor Chosen(Tensor x, Tensor mask)
        {
            var numbers = tensor(_numbers, device: CPU);
            var last = (mask * numbers).amax([1], keepdim: true).clamp(min: s_one);
            return (x * numbers.eq(last).unsqueeze(2)).sum(1);
        }
    }

    /// <summary>The mean of the steps that are there; 0 of a row that has none.</summary>
    /// <param name="steps">Of a row.</param>
    public sealed class Mean(int steps) : SequenceSummary(steps)
    {
        private static readonly Scalar s_one = 1f;

        public override Tensor Of(Tensor x, Tensor? mask) => mask is null
            ? x.mean([1])
            : (x * mask.unsqueeze(2)).sum(1) / mask.sum(1, keepdim: true).clamp(min: s_one);

        public override string WriteOnnx(OnnxGraph graph, string x, string? mask, string path)
        {
            if (mask is null)
                return graph.Add("ReduceMean", [x], path, ("axes", new[] { 1 }), ("keepdims", 0));
            var axis = graph.Constant($"{path}.axis", [1L]);
            var there = graph.Add("Mul", [x, graph.Add("Unsqueeze", [mask, graph.Constant($"{path}.axis2", [2L])], $"{path}.weights")], $"{path}.there");
            var sum = graph.Add("ReduceSum", [there, axis], $"{path}.sum", ("keepdims", 0));
            var count = graph.Add("Max", [graph.Add("ReduceSum", [mask, axis], $"{path}.counted", ("keepdims", 1)), graph.Constant($"{path}.one", 1)], $"{path}.count");
            return graph.Add("Div", [sum, count], path);
        }
    }
}
