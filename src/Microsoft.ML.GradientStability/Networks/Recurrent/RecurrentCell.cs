using System.Diagnostics;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What a recurrent layer computes at every step from x, what the layer below gives, and h, what it gave itself at the step before. One sealed
/// record a cell; the static members name them. σ is 1/(1+e⁻ˣ), · between gates and states is element by element.
/// </summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(TanhCell), "Tanh")]
[JsonDerivedType(typeof(ReluCell), "Relu")]
[JsonDerivedType(typeof(LstmCell), "Lstm")]
[JsonDerivedType(typeof(GruCell), "Gru")]
public abstract record RecurrentCell
{
    private protected RecurrentCell() { }

    /// <summary>h ← tanh(W·x + U·h + b): a gradient gets a factor at every step, so that it reaches back a few of them.</summary>
    public static TanhCell Tanh { get; } = new();

    /// <summary>h ← max(0, W·x + U·h + b), U the identity to begin with (IRNN): what nothing changes is kept.</summary>
    public static ReluCell Relu { get; } = new();

    /// <summary>Long short-term memory: a state behind gates that only grows and is forgotten, along which a gradient passes.</summary>
    /// <param name="forgetBias">What the forget gate starts at, finite. Default 1: open.</param>
    public static LstmCell Lstm(double forgetBias = 1) => new() { ForgetBias = forgetBias };

    /// <summary>Gated recurrent unit: LSTM's idea with two gates and no state beside h.</summary>
    public static GruCell Gru { get; } = new();

    /// <summary>What diagnostics call a layer of such cells.</summary>
    internal abstract string Kind { get; }

    /// <summary>The linear maps of a cell, in the order of LibTorch: the name of each, what diagnostics call it, and what its bias starts at.</summary>
    internal abstract IReadOnlyList<(string Name, string Title, double Bias)> Gates { get; }

    /// <summary>The order of the gates in ONNX, as indexes into <see cref="Gates"/>.</summary>
    internal abstract IReadOnlyList<int> OnnxOrder { get; }

    /// <summary>ONNX's operator.</summary>
    internal abstract string Operator { get; }

    /// <summary>Attributes of the operator beyond those of all.</summary>
    internal virtual IEnumerable<(string Name, object Value)> Attributes => [];

    /// <summary>What it hands on from step to step: h alone, or the state of the cell beside it.</summary>
    internal virtual int States => 1;

    /// <summary>The function whose effect on the scale the weights of the input make up for; none where gates bound it.</summary>
    internal virtual Activation? Activation => null;

    /// <summary>How the weights of the steps start where nothing else is said.</summary>
    internal virtual Initializer Recurrent => Initializer.Orthogonal;

    /// <summary>Whether it is a plain one, h ← σ(W·x + U·h + b).</summary>
    internal bool IsPlain => Gates.Count == 1;

    /// <summary>σ' where the cell gave h, in its place; of plain cells.</summary>
    internal virtual void ToSlopes(Span<float> h) => throw new UnreachableException();

    /// <summary>LibTorch's recurrence over all steps.</summary>
    /// <param name="input">x (batch × steps × inputs).</param>
    /// <param name="start">What is handed on to the first step (<see cref="States"/> × batch × units), h first.</param>
    /// <param name="ofInput">W, gate below gate (gates·units × inputs).</param>
    /// <param name="ofSteps">U (gates·units × units).</param>
    /// <param name="bias">b (gates·units).</param>
    /// <param name="piece">Steps beyond which no gradient goes back: pieces of so many, each from the state that the one before ended in. As many as there are for all.</param>
    /// <returns>h of every step (batch × steps × units), and what the last hands on.</returns>
    internal abstract (Tensor Outputs, Tensor End) Run(Tensor input, Tensor start, Tensor ofInput, Tensor ofSteps, Tensor bias, int piece);

    /// <summary>The numbers that make this one of its kind.</summary>
    private protected virtual string Parameters => "";

    /// <summary>The cell's name, with its parameters.</summary>
    public sealed override string ToString() => GetType().Name.Replace("Cell", "") + (Parameters.Length == 0 ? "" : $"({Parameters})");
}
