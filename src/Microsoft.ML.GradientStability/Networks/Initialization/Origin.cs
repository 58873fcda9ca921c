namespace Microsoft.ML.GradientStability;

/// <summary>Where the first weights of a network come from.</summary>
/// <param name="Initializer">The scheme.</param>
/// <param name="Random">What it draws from; in training the network goes on to draw from it.</param>
/// <param name="Cancellation">Looked at between large weights.</param>
internal readonly record struct Origin(Initializer Initializer, FitRandom Random, Cancellation Cancellation);
