using Microsoft.ML.GradientStability.Tests.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>
/// The members of TorchSharp that networks and losses are made of, against the textbook: values to ten digits, gradients against finite
/// differences of it. Activations, initializers and optimizers are held against theirs where the product's own are: ActivationTests,
/// InitializerTests, OptimizerTests.
/// </summary>
[TestClass]
public sealed class MemberTests
{
    private const int Rows = 5, Units = 4, Classes = 3;
    private const double Epsilon = 0.1;

    private static readonly long[] s_matrix = [Rows, Units], s_row = [Units], s_column = [Rows, 1], s_logits = [Rows, Classes];
    private static readonly double[] s_mean = [0.5, -1, 0, 2], s_variance = [1, 0.25, 4, 2], s_classWeights = [0.5, 2, 1], s_answers = [1, 0, 0, 1, 1];
    private static readonly long[] s_classes = [0, 2, 1, 1, 0];

    private static IEnumerable<Member> Modules() =>
    [
        Member.Module(() => nn.Linear(Units, Classes), a => Linear(a[0], a[1], a[2]), "nn.Linear", s_matrix),
        Member.Module(() => nn.Linear(Units, Classes, hasBias: false), a => Linear(a[0], a[1], new double[Classes]), "nn.Linear, no bias", s_matrix),
        Member.Module(() => nn.LayerNorm(Units, Epsilon), a => Affine(OfGroups(a[0], Units), a[1], a[2]), "nn.LayerNorm", s_matrix),
        Member.Module(() => nn.BatchNorm1d(Units, Epsilon, 0.3), a => Affine(OfColumns(a[0]), a[1], a[2]), "nn.BatchNorm1d in training", s_matrix),
        Member.Module(ScoringBatchNorm, a => Affine(Each(a[0], (x, u) => (x - s_mean[u]) / Math.Sqrt(s_variance[u] + Epsilon)), a[1], a[2]), "nn.BatchNorm1d after it", s_matrix),
        Member.Module(() => nn.InstanceNorm1d(2, Epsilon), a => OfGroups(a[0], 3), "nn.InstanceNorm1d", Rows, 2, 3),
        Member.Module(() => nn.InstanceNorm1d(2, Epsilon, affine: true), a => [.. OfGroups(a[0], 3).Select((y, i) => y * a[1][i / 3 % 2] + a[2][i / 3 % 2])],
            "nn.InstanceNorm1d, affine", Rows, 2, 3),
        Member.Module(() => nn.PReLU(1), a => Each(a[0], (x, _) => x > 0 ? x : a[1][0] * x), "nn.PReLU", s_matrix),
        Member.Module(() => nn.PReLU(Units), a => Each(a[0], (x, u) => x > 0 ? x : a[1][u] * x), "nn.PReLU, a slope a unit", s_matrix),
    ];

    private static IEnumerable<Member> Functions() =>
    [
        Member.Function("linear", t => nn.functional.linear(t[0], t[1], t[2]), a => Linear(a[0], a[1], a[2]), s_matrix, [Classes, Units], [Classes]),
        Member.Function("linear, no bias", t => nn.functional.linear(t[0], t[1]), a => Linear(a[0], a[1], new double[Classes]), s_matrix, [Classes, Units]),
        Member.Function("layer_norm", t => nn.functional.layer_norm(t[0], [Units], eps: Epsilon), a => OfGroups(a[0], Units), s_matrix),
        Member.Function("group_norm", t => nn.functional.group_norm(t[0], 2, t[1], t[2], Epsilon), a => Affine(OfGroups(a[0], 2), a[1], a[2]), s_matrix, s_row, s_row),
        Member.Function("softmax", t => nn.functional.softmax(t[0], 1), a => [.. a[0].Chunk(Units).SelectMany(row => row.Select(x => Math.Exp(x) / row.Sum(Math.Exp)))], s_matrix),
        Member.Function("cross_entropy, mean", t => nn.functional.cross_entropy(t[0], tensor(s_classes), label_smoothing: 0.3),
            a => [CrossEntropies(a[0], [1, 1, 1], 0.3).Average()], s_logits),
        Member.Function("cross_entropy a row, weighted", t => nn.functional.cross_entropy(t[0], tensor(s_classes), tensor(s_classWeights), reduction: nn.Reduction.None, label_smoothing: 0.3),
            a => [.. CrossEntropies(a[0], s_classWeights, 0.3)], s_logits),
        Member.Function("binary_cross_entropy_with_logits", t => nn.functional.binary_cross_entropy_with_logits(t[0], tensor(s_answers), reduction: nn.Reduction.None),
            a => LogLosses(a[0], 1), [Rows]),
        Member.Function("binary_cross_entropy_with_logits, weighted",
            t => nn.functional.binary_cross_entropy_with_logits(t[0], tensor(s_answers), reduction: nn.Reduction.None, pos_weights: tensor(3.5)),
            a => LogLosses(a[0], 3.5), [Rows]),
        Member.Function("huber_loss", t => nn.functional.huber_loss(t[0], zeros_like(t[0]), 0.7, nn.Reduction.None),
            a => Each(a[0], (e, _) => Math.Abs(e) <= 0.7 ? e * e / 2 : 0.7 * (Math.Abs(e) - 0.35)), s_matrix),
    ];

    private static IEnumerable<Member> Methods() =>
    [
        Member.Function("+ of a row", t => t[0] + t[1], a => Each(a[0], (x, u) => x + a[1][u]), s_matrix, s_row),
        Member.Function("- of a row", t => t[0] - t[1], a => Each(a[0], (x, u) => x - a[1][u]), s_matrix, s_row),
        Member.Function("* of a column", t => t[0] * t[1], a => [.. a[0].Select((x, i) => x * a[1][i / Units])], s_matrix, s_column),
        Member.Function("/ by a column", t => t[0] / t[1], a => [.. a[0].Select((x, i) => x / a[1][i / Units])], s_matrix, s_column),
        Member.Function("abs", t => t[0].abs(), a => Each(a[0], (x, _) => Math.Abs(x)), s_matrix),
        Member.Function("square", t => t[0].square(), a => Each(a[0], (x, _) => x * x), s_matrix),
        Member.Function("sqrt", t => (t[0].square() + 1).sqrt(), a => Each(a[0], (x, _) => Math.Sqrt(x * x + 1)), s_matrix),
        Member.Function("rsqrt", t => (t[0].square() + 1).rsqrt(), a => Each(a[0], (x, _) => 1 / Math.Sqrt(x * x + 1)), s_matrix),
        Member.Function("sigmoid", t => t[0].sigmoid(), a => Each(a[0], (x, _) => 1 / (1 + Math.Exp(-x))), s_matrix),
        Member.Function("clamp", t => t[0].clamp(-0.4, 0.6), a => Each(a[0], (x, _) => Math.Clamp(x, -0.4, 0.6)), s_matrix),
        Member.Function("clamp from below", t => t[0].clamp(min: (TorchSharp.Scalar)0.1), a => Each(a[0], (x, _) => Math.Max(x, 0.1)), s_matrix),
        Member.Function("sum", t => t[0].sum(), a => [a[0].Sum()], s_matrix),
        Member.Function("mean", t => t[0].mean(), a => [a[0].Average()], s_matrix),
        Member.Function("mean of rows", t => t[0].mean([1]), a => OfRows(a[0], row => row.Average()), s_matrix),
        Member.Function("mean of rows, kept", t => t[0] * t[0].mean([-1], keepdim: true), a => [.. a[0].Chunk(Units).SelectMany(row => row.Select(x => x * row.Average()))], s_matrix),
        Member.Function("norm of rows", t => t[0].norm(1, keepdim: true), a => OfRows(a[0], row => Plain.Norm(row)), s_matrix),
        Member.Function("matmul of matrices", t => t[0].matmul(t[1].t()), a => Linear(a[0], a[1], new double[Classes]), s_matrix, [Classes, Units]),
        Member.Function("matmul with a vector", t => t[0].matmul(t[1]), a => OfRows(a[0], row => Plain.Dot(row, a[1])), s_matrix, s_row),
        Member.Function("matmul of vectors", t => t[0].matmul(t[1]), a => [Plain.Dot(a[0], a[1])], s_row, s_row),
        Member.Function("t", t => t[0].t(), a => [.. Enumerable.Range(0, Units).SelectMany(u => a[0].Chunk(Units).Select(row => row[u]))], s_matrix),
        Member.Function("view, flatten", t => t[0].view(Units, Rows).flatten(), a => a[0], s_matrix),
        Member.Function("unsqueeze, squeeze", t => (t[0].unsqueeze(1) * t[1]).squeeze(0), a => [.. a[0].SelectMany(x => a[1].Select(y => x * y))], s_row, s_row),
        Member.Function("narrow", t => t[0].narrow(0, 1, 2), a => a[0][Units..(3 * Units)], s_matrix),
        Member.Function("index_select", t => t[0].index_select(0, tensor(new long[] { 3, 0, 3 })),
            a => [.. new[] { 3, 0, 3 }.SelectMany(r => a[0].AsSpan(r * Units, Units).ToArray())], s_matrix),
        Member.Function("clone", t => t[0].clone(), a => a[0], s_matrix),
    ];

    public static IEnumerable<object[]> All() => Modules().Concat(Functions()).Concat(Methods()).Select(member => new object[] { member });

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Values_are_those_of_the_textbook_and_gradients_those_of_finite_differences(Member member)
    {
        const double step = 1e-5;
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (leaves, forward) = member.Open();
        var values = Array.ConvertAll(leaves, Values);
        var output = forward();
        Plain.AreClose(member.Plain(values), Values(output), 1e-10, $"{member}:");

        // A sum in which every output counts in its own way.
        var share = Enumerable.Range(0, (int)output.numel()).Select(i => 1 + Math.Sin(3 * i)).ToArray();
        (output * tensor(share, output.shape)).sum().backward();
        for (var l = 0; l < leaves.Length; l++)
        {
            var gradient = Values(leaves[l].grad!);
            for (var i = 0; i < values[l].Length; i++)
                Assert.AreEqual((Moved(l, i, step) - Moved(l, i, -step)) / (2 * step), gradient[i], 1e-6, $"{member}: gradient {i} of operand {l}");
        }

        double Moved(int leaf, int index, double distance)
        {
            var moved = Array.ConvertAll(values, v => (double[])v.Clone());
            moved[leaf][index] += distance;
            return Plain.Dot(member.Plain(moved), share);
        }
    }

    [TestMethod]
    public void What_has_no_gradient()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 0.5f, -2, 3, 3, 1, 1.5f }, [2, 3]);
        CollectionAssert.AreEqual(new long[] { 2, 0 }, x.argmax(1).data<long>().ToArray());
        CollectionAssert.AreEqual(new[] { true, false, true, true, true, true }, x.gt(0).data<bool>().ToArray());
        CollectionAssert.AreEqual(new[] { true, true, false, false, false, false }, x.lt((TorchSharp.Scalar)1).data<bool>().ToArray());
        CollectionAssert.AreEqual(new[] { false, false, true, true, false, false }, x.eq(3).data<bool>().ToArray());
        Assert.AreEqual(2, x.eq(3).sum().item<long>());
        Assert.AreEqual(3, x.max().item<float>());
        CollectionAssert.AreEqual(new long[] { 0, -2, 3, 3, 1, 1 }, x.to(int64).data<long>().ToArray());
        CollectionAssert.AreEqual(new[] { 1f, -4, 6, 6, 2, 3 }, x.clone().mul_((TorchSharp.Scalar)2).data<float>().ToArray());
        Assert.AreEqual(0, x.clone().zero_().abs().sum().item<float>());
        foreach (var u in new[] { -0.95, -0.3, 0.001, 0.6, 0.9544997361036416 })
            Assert.AreEqual(u, 2 * Plain.Phi(Math.Sqrt(2) * tensor(u, dtype: float64).erfinv_().item<double>()) - 1, 1e-9, $"erfinv of {u}");
    }

    private static double[] Values(Tensor tensor) => tensor.detach().contiguous().data<double>().ToArray();

    private static nn.Module<Tensor, Tensor> ScoringBatchNorm()
    {
        var norm = nn.BatchNorm1d(Units, Epsilon);
        norm.running_mean!.copy_(tensor(s_mean));
        norm.running_var!.copy_(tensor(s_variance));
        norm.eval();
        return norm;
    }

    private static double[] Each(double[] x, Func<double, int, double> f) => [.. x.Select((value, i) => f(value, i % Units))];

    private static double[] OfRows(double[] x, Func<double[], double> f) => [.. x.Chunk(Units).Select(f)];

    private static double[] OfGroups(double[] x, int size) => [.. x.Chunk(size).SelectMany(group => Plain.Standardize(group, Epsilon))];

    private static double[] OfColumns(double[] x)
    {
        var columns = Enumerable.Range(0, Units).Select(u => Plain.Standardize([.. x.Where((_, i) => i % Units == u)], Epsilon)).ToArray();
        return [.. x.Select((_, i) => columns[i % Units][i / Units])];
    }

    private static double[] Affine(double[] x, double[] scale, double[] shift) => Each(x, (y, u) => y * scale[u] + shift[u]);

    private static double[] Linear(double[] x, double[] weight, double[] bias) =>
        [.. Plain.Linear([.. x.Chunk(Units)], [.. weight.Chunk(Units)], bias).SelectMany(row => row)];

    /// <summary>PyTorch's l = (1 − ε)·c_y·(−log p_y) + ε/K·Σ_k c_k·(−log p_k).</summary>
    private static IEnumerable<double> CrossEntropies(double[] logits, double[] c, double smoothing) => logits.Chunk(Classes).Select((z, row) =>
    {
        var minusLog = z.Select(x => Math.Log(z.Sum(Math.Exp)) - x).ToArray();
        return (1 - smoothing) * c[s_classes[row]] * minusLog[s_classes[row]] + smoothing / Classes * Plain.Dot(c, minusLog);
    });

    private static double[] LogLosses(double[] logits, double positiveWeight) =>
        [.. logits.Select((x, row) => s_answers[row] == 1 ? positiveWeight * Math.Log(1 + Math.Exp(-x)) : Math.Log(1 + Math.Exp(x)))];
}
