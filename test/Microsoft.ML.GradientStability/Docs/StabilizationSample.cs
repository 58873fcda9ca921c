namespace Microsoft.ML.GradientStability.Tests.Docs;

/// <summary>The code of docs/stabilization.md, between the marks to the letter; compiled and run by <see cref="PageTests"/>.</summary>
internal static class StabilizationSample
{
    public static void Run(MLContext mlContext, DeepNetworkOptions mine)
    {
        // <sample>
        var options = mlContext.Model.LoadFrom("model.zip", out _).GetDeepNetworkOptions();
        foreach (var difference in options.DifferencesFrom(mine))
            Console.WriteLine(difference);                          // Clipping: Norm(1) → None
        // </sample>
    }
}
