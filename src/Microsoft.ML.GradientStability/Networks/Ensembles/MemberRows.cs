using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The door of an ensemble whose members share their hidden layers: every row enters once for each member, each number times a factor that the
/// member learns, 1 or −1 at first, so that members differ (Gorishniy, Kotelnikov and Babenko 2024, "TabM", the form that they call mini; after the
/// BatchEnsemble of Wen, Tran and Ba 2020). Input (rows × width), output (members·rows × width), the rows of a member together.
/// </summary>
internal sealed class MemberRows : nn.Module<Tensor, Tensor>, IWrittenOut
{
    private readonly int _width;

    public MemberRows(int members, int width, FitRandom random) : base("members")
    {
        (Members, _width) = (members, width);
        // Not a matrix: nothing that keeps weights small has to do with it.
        Scale = new Parameter(empty((long)members * width, dtype: ScalarType.Float32, device: CPU));
        register_parameter("scale", Scale);
        var signs = MemoryMarshal.Cast<byte, float>(Scale.bytes);
        random.Next().FillMask(0.5, 2, signs);
        for (var i = 0; i < signs.Length; i++)
            signs[i]--;
    }

    public int Members { get; }

    /// <summary>The factors (members · width).</summary>
    public Parameter Scale { get; }

    public override Tensor forward(Tensor input) => (input.unsqueeze(0) * Scale.view(Members, 1, _width)).flatten(0, 1);

    public Pass WriteOut() => new Copies(this);

    public string WriteOnnx(OnnxGraph graph, string input)
    {
        var factors = graph.Add("Reshape", [graph.Constant("members.scale", Scale), graph.Constant("members.shape", [Members, 1, _width])], "members.factors");
        var scaled = graph.Add("Mul", [input, factors], "members.scaled");
        return graph.Add("Reshape", [scaled, graph.Constant("members.rows.shape", [-1, _width])], "members.rows");
    }

    /// <summary>With G = ∂L/∂output of a member: ∂L/∂scale = Σ x·G over its rows, ∂L/∂x = Σ scale·G over the members.</summary>
    private sealed unsafe class Copies(MemberRows rows) : Pass
    {
        private readonly int _members = rows.Members;
        private readonly Learned _scale = new(rows.Scale);
        private readonly Block _output = new(rows._width);
        private readonly Block _gradient = new(rows._width);
        private Block _input = null!;

        public override Block Forward(Block input, bool training)
        {
            _input = input;
            _output.Of(_members * input.Rows);
            for (var member = 0; member < _members; member++)
                for (var row = 0; row < input.Rows; row++)
                    TensorPrimitives.Multiply(input.RowValues(row), Of(_scale.Values, member), _output.RowValues(member * input.Rows + row));
            return _output;
        }

        public override Block Backward(Block gradient, bool toInput = true)
        {
            for (var member = 0; member < _members; member++)
                for (var row = 0; row < _input.Rows; row++)
                    TensorPrimitives.MultiplyAdd(_input.RowValues(row), gradient.RowValues(member * _input.Rows + row), Of(_scale.Gradients, member), Of(_scale.Gradients, member));
            if (!toInput)
                return gradient;
            _gradient.Of(_input.Rows).Values.Clear();
            for (var member = 0; member < _members; member++)
                for (var row = 0; row < _input.Rows; row++)
                    TensorPrimitives.MultiplyAdd(gradient.RowValues(member * _input.Rows + row), Of(_scale.Values, member), _gradient.RowValues(row), _gradient.RowValues(row));
            return _gradient;
        }

        private Span<float> Of(float* numbers, int member) => new(numbers + (nint)member * _output.Width, _output.Width);
    }
}
