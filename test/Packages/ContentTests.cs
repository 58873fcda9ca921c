using System.IO.Compression;
using System.Text;
using System.Xml.Linq;

namespace Microsoft.ML.GradientStability.Packages.Tests;

/// <summary>What the packages hold.</summary>
[TestClass]
public sealed class ContentTests
{
    private static readonly string[] s_libraries =
        ["Microsoft.ML.GradientStability", "Microsoft.ML.GradientStability.Hosting", "Microsoft.ML.GradientStability.Reports", "Microsoft.ML.GradientStability.Serving", "Microsoft.ML.GradientStability.Serving.AspNetCore"];

    /// <summary>In the package of the library, and none of its own.</summary>
    private const string Analyzer = "Microsoft.ML.GradientStability.Analyzers";

    public static IEnumerable<object[]> Libraries => s_libraries.Select(name => new object[] { name });

    private static string Path(string name, string kind) => System.IO.Path.Combine(Stranger.Feed, $"{name}.{Versions.Own}.{kind}");

    private static byte[] Read(string path, string entry)
    {
        using var package = ZipFile.OpenRead(path);
        using var stream = (package.GetEntry(entry) ?? throw new AssertFailedException($"No {entry} in {path}")).Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    [TestMethod]
    public void Every_folder_of_src_is_a_package_of_the_one_version() => CollectionAssert.AreEquivalent(
        Directory.GetDirectories(System.IO.Path.Combine(Stranger.Root, "src")).Select(System.IO.Path.GetFileName).Where(name => name != Analyzer).Select(name => $"{name}.{Versions.Own}.nupkg").ToArray(),
        Directory.GetFiles(Stranger.Feed, "*.nupkg").Select(System.IO.Path.GetFileName).ToArray());

    [TestMethod]
    public void The_changelog_begins_with_the_version() =>
        Assert.AreEqual($"## {Versions.Own}", File.ReadLines(System.IO.Path.Combine(Stranger.Root, "docs", "CHANGELOG.md")).First(line => line.StartsWith("## ", StringComparison.Ordinal)));

    [TestMethod]
    [DynamicData(nameof(Libraries))]
    public void A_package_has_readme_icon_licence_documentation_and_symbols(string name)
    {
        var package = Path(name, "nupkg");
        var about = XDocument.Parse(Encoding.UTF8.GetString(Read(package, $"{name}.nuspec")).TrimStart('\uFEFF')).Descendants();
        string Value(string element) => about.Single(e => e.Name.LocalName == element).Value;
        Assert.AreEqual("MIT", Value("license"));
        Assert.IsNotEmpty(Value("description"));
        Assert.IsNotEmpty(Read(package, Value("readme")));
        CollectionAssert.AreEqual(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' }, Read(package, Value("icon"))[..4]);
        Assert.Contains("<summary>", Encoding.UTF8.GetString(Read(package, $"lib/net10.0/{name}.xml")));
        Assert.IsNotEmpty(Read(Path(name, "snupkg"), $"lib/net10.0/{name}.pdb"));
    }

    /// <summary>A compiler loads it, a program does not: it is no dependency either.</summary>
    [TestMethod]
    public void The_analyzer_is_in_the_package_of_the_library()
    {
        const string Name = "Microsoft.ML.GradientStability";
        var analyzer = Read(Path(Name, "nupkg"), $"analyzers/dotnet/cs/{Analyzer}.dll");
        Assert.IsLessThan(0, analyzer.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Stranger.Root)));
        Assert.DoesNotContain(Analyzer, Encoding.UTF8.GetString(Read(Path(Name, "nupkg"), $"{Name}.nuspec")));
    }

    /// <summary>Paths would make another assembly of the same sources on each machine, and tell strangers about it.</summary>
    [TestMethod]
    [DynamicData(nameof(Libraries))]
    public void No_assembly_and_no_symbols_name_a_folder_of_this_machine(string name)
    {
        foreach (var bytes in new[] { Read(Path(name, "nupkg"), $"lib/net10.0/{name}.dll"), Read(Path(name, "snupkg"), $"lib/net10.0/{name}.pdb") })
            Assert.IsLessThan(0, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Stranger.Root)));
    }

    [TestMethod]
    public void The_same_sources_make_the_same_assembly()
    {
        const string Name = "Microsoft.ML.GradientStability.Serving";
        var again = System.IO.Path.Combine(Stranger.Place, "again");
        Stranger.Pack(again, only: Name);
        var entry = $"lib/net10.0/{Name}.dll";
        CollectionAssert.AreEqual(Read(Path(Name, "nupkg"), entry), Read(System.IO.Path.Combine(again, $"{Name}.{Versions.Own}.nupkg"), entry));
    }
}
