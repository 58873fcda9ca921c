using System.Text;

namespace Microsoft.ML.GradientStability.Packages.Tests;

/// <summary>
/// A place where nothing of this repository is known but its packages: a folder as the feed, package folders of its own, with what
/// this machine has of others as a fallback. It lies below the checkout, so that it has the feeds that the checkout has.
/// </summary>
[TestClass]
public static class Stranger
{
    public static string Place { get; } = Path.Combine(AppContext.BaseDirectory, "stranger");

    public static string Feed { get; } = Path.Combine(Place, "feed");

    public static string Packages { get; } = Path.Combine(Place, "packages");

    public static string Home { get; } = Path.Combine(Place, "home");

    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static readonly string s_machine = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    [AssemblyInitialize]
    public static void MakePackages(TestContext context)
    {
        Remove();
        foreach (var folder in new[] { Place, Feed, Packages, Home })
            Directory.CreateDirectory(folder);
        Directory.CreateDirectory(s_machine);
        foreach (var nothing in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
            File.WriteAllText(Path.Combine(Place, nothing), "<Project />");
        Pack(Feed);
        File.WriteAllText(Path.Combine(Place, "NuGet.config"),
            $"<configuration><packageSources><add key=\"made here\" value=\"{Feed}\" /></packageSources><fallbackPackageFolders><add key=\"machine\" value=\"{s_machine}\" /></fallbackPackageFolders></configuration>");
    }

    [AssemblyCleanup]
    public static void Remove()
    {
        if (Directory.Exists(Place))
            Directory.Delete(Place, recursive: true);
    }

    /// <summary>Makes packages in a folder, from nothing.</summary>
    public static void Pack(string feed, string only = "")
    {
        var work = Path.Combine(Place, "build");
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
        Shell.Dotnet(Root, "msbuild", "build/Pack.proj", "-nologo", "-v:m", $"-p:Feed={feed}/", $"-p:Work={work}/", $"-p:Only={only}");
    }

    /// <summary>A console project that refers to packages, published to a folder of its own.</summary>
    /// <returns>The folder of its output.</returns>
    public static string Build(string name, string program, params string[] packages)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Place, name)).FullName;
        var references = new StringBuilder();
        foreach (var package in packages)
            references.Append($"<PackageReference Include=\"{package.Split(' ')[0]}\" Version=\"{package.Split(' ')[1]}\" />");
        File.WriteAllText(Path.Combine(folder, $"{name}.csproj"),
            "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings>"
            + "<CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible></PropertyGroup>"
            + $"<ItemGroup>{references}</ItemGroup></Project>");
        File.WriteAllText(Path.Combine(folder, "Program.cs"), program);
        Shell.Dotnet(folder, "build", "-c", "Release", "--nologo", "-v", "q");
        return Path.Combine(folder, "bin", "Release", "net10.0");
    }

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "Microsoft.ML.GradientStability.sln"))
        ? folder
        : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No solution above {AppContext.BaseDirectory}."));
}
