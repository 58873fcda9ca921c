namespace Microsoft.ML.GradientStability.Tests;

/// <summary>Where the sources lie: the folder of the solution above the one that the tests run in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "Microsoft.ML.GradientStability.sln"))
        ? folder
        : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No solution above {AppContext.BaseDirectory}."));
}
