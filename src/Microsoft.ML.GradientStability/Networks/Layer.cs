namespace Microsoft.ML.GradientStability;

/// <summary>A part with weights of its own: what the diagnostics observe, name and reason about.</summary>
internal abstract class Layer : NetworkPart
{
    protected Layer(string name, int inputs, int units) : base(name)
    {
        (Inputs, Units) = (inputs, units);
        Layers = [this];
    }

    /// <summary>Where it stands in the network, in words, such as <c>hidden layer 12 of 30 (64→64)</c>.</summary>
    public string Title { get; set; } = "";

    /// <summary>Width of the input.</summary>
    public int Inputs { get; }

    /// <summary>Width of the output.</summary>
    public int Units { get; }

    public sealed override IReadOnlyList<Layer> Layers { get; }

    /// <summary>‖W‖² of the linear map, the sum of the squares of all its weights.</summary>
    public abstract double SquaredWeightNorm();

    /// <summary>Multiplies the weights of the linear map, where their scale is free.</summary>
    public abstract void ScaleWeights(double factor);
}
