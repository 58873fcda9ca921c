using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>The features of a row on their way to where they are computed with.</summary>
internal static class FeatureVector
{
    /// <summary>A place for the features of a row.</summary>
    /// <param name="length">How many there are.</param>
    public delegate Span<float> Place(int length);

    /// <summary>Copies a dense or sparse vector.</summary>
    /// <param name="values">What the feature columns gave.</param>
    /// <param name="place">Gives the place for them.</param>
    /// <param name="network">Theirs.</param>
    /// <param name="number">The number of the row, from 1.</param>
    /// <exception cref="InvalidOperationException">The vector has another length than the network takes; a shorter one would leave values of an earlier row.</exception>
    public static void CopyTo(in VBuffer<float> values, Place place, DeepNetworkTransformer network, long number)
    {
        network.Length.Check(values.Length, network.Features.Main.Name, number);
        values.CopyTo(place(values.Length));
    }
}
