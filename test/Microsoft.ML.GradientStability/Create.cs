namespace Microsoft.ML.GradientStability.Tests;

/// <summary>Networks with first weights of a seed.</summary>
internal static class Create
{
    public static NetworkModule CreateModule(this Network network, int inputs, int outputs, Initializer initializer, int seed = 1) =>
        network.CreateModule(inputs, outputs, Origin(initializer, seed));

    public static NetworkModule CreateAutoencoder(this Network network, int inputs, int embedding, Initializer initializer, int seed = 1) =>
        network.CreateAutoencoder(inputs, embedding, Origin(initializer, seed));

    public static NetworkModule CreateModule(this Objective objective, Network network, int inputs, Initializer initializer, int seed = 1) =>
        objective.CreateModule(network, inputs, Origin(initializer, seed));

    public static Origin Origin(Initializer initializer, int seed = 1) => new(initializer, new FitRandom(seed), Cancellation.None);
}
