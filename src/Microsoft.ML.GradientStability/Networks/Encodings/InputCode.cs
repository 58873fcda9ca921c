using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>An encoding that was fitted; numbers alone, no tensors.</summary>
/// <param name="Features">Features a row, in.</param>
/// <param name="Width">Numbers a row, out.</param>
internal abstract record InputCode(int Features, int Width)
{
    /// <summary>The names of its constants in a graph begin so, as those of its buffers in a network do.</summary>
    public const string Name = "encoding";

    public abstract Encoder CreateModule();

    /// <summary>What it makes, in words.</summary>
    /// <param name="features">The features in words.</param>
    /// <param name="unscaled">The number of a feature that a scaled one stands for.</param>
    public virtual IEnumerable<string> Names(IReadOnlyList<string> features, Func<int, float, double> unscaled) => features;

    /// <summary>What encodes: (batch × features) to (batch × width).</summary>
    internal abstract class Encoder() : nn.Module<Tensor, Tensor>(Name)
    {
        /// <summary>What it learns; counted to the first layer.</summary>
        public virtual IEnumerable<Parameter> OwnParameters() => [];

        /// <summary>It written out; <see langword="null"/> where it is not.</summary>
        public virtual ForwardPass? WriteOut() => null;

        public abstract string WriteOnnx(OnnxGraph graph, string input);
    }
}
