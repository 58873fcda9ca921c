using System.Text.RegularExpressions;

namespace Microsoft.ML.GradientStability.Tests;

/// <summary>
/// Which folder of the product may use which. They form layers: a folder uses what stands above it in this table and nothing below, so a reader
/// follows the data one way.
/// </summary>
[TestClass]
public sealed partial class LayerTests
{
    /// <summary>From the ground up. <c>Tasks/*</c> stands for the folder of every single task.</summary>
    private static readonly (string Folder, string[] Uses)[] Layers =
    [
        (".", []),
        ("Upstream", []),
        ("Data", [".", "Upstream"]),
        ("Onnx", [".", "Upstream"]),
        ("Networks", [".", "Upstream", "Onnx"]),
        ("Optimization", [".", "Upstream", "Networks"]),
        ("Options", [".", "Data", "Networks", "Optimization"]),
        ("Tasks", [".", "Upstream", "Data", "Onnx", "Networks"]),
        ("Remedies", [".", "Networks", "Optimization", "Options"]),
        ("Diagnostics", [".", "Upstream", "Data", "Networks", "Optimization", "Options", "Tasks", "Remedies"]),
        ("Reporting", [".", "Options", "Diagnostics"]),
        ("Training", [".", "Upstream", "Data", "Networks", "Optimization", "Options", "Tasks", "Diagnostics", "Reporting"]),
        ("Transformers", [".", "Upstream", "Data", "Onnx", "Networks", "Optimization", "Options", "Tasks", "Training"]),
        ("Export", [".", "Upstream", "Onnx", "Networks", "Optimization", "Options", "Tasks", "Training", "Transformers"]),
        ("Trainers", [".", "Upstream", "Data", "Onnx", "Networks", "Optimization", "Options", "Tasks", "Diagnostics", "Reporting", "Training", "Transformers", "Export"]),
        ("Tasks/*", [".", "Upstream", "Data", "Onnx", "Networks", "Optimization", "Options", "Tasks", "Training", "Trainers"]),
        ("Catalog", [".", "Upstream", "Onnx", "Options", "Tasks", "Tasks/*", "Training", "Transformers", "Export", "Trainers"]),
    ];

    [TestMethod]
    public void Folders_use_only_the_layers_below_them()
    {
        var files = Sources();
        var homes = new Dictionary<string, string>();
        foreach (var (folder, _, code) in files)
            foreach (Match declared in Declaration().Matches(code))
                homes[declared.Groups[1].Value] = folder;
        var broken = new List<string>();
        foreach (var (folder, file, code) in files)
            foreach (var name in Name().Matches(code).Select(match => match.Value).Distinct())
                if (homes.TryGetValue(name, out var home) && home != folder && !MayUse(folder, home) && !IsOwn(name, code))
                    broken.Add($"{folder}/{file} uses {name} of {home}");
        Assert.IsGreaterThan(150, homes.Count);
        Assert.IsEmpty(broken, string.Join(Environment.NewLine, broken));
    }

    [TestMethod]
    public void Layers_have_an_order()
    {
        for (var layer = 0; layer < Layers.Length; layer++)
            foreach (var used in Layers[layer].Uses)
                Assert.IsLessThan(layer, Array.FindIndex(Layers, l => l.Folder == used), $"{Layers[layer].Folder} uses {used}");
        CollectionAssert.AreEquivalent(Sources().Select(file => file.Folder).Distinct().ToArray(), Layers.Select(l => l.Folder).ToArray());
    }

    private static bool MayUse(string folder, string home) => Layers.Single(layer => layer.Folder == folder).Uses.Contains(home);

    /// <summary>Whether the file has a member, a parameter or a nested type of that name.</summary>
    private static bool IsOwn(string name, string code) => Regex.IsMatch(code, $@"[\w>\]?] {name}\s*[{{(=;:,]");

    /// <summary>The product's files without comments, literals and what follows a dot: what is left names types and the file's own members.</summary>
    private static (string Folder, string File, string Code)[] Sources()
    {
        var root = Path.Combine(Repository.Root, "src", "Microsoft.ML.GradientStability");
        return
        [
            .. from path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
               let parts = Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar)
               where parts[0] is not ("bin" or "obj")
               let folder = parts.Length == 1 ? "." : parts[0] == "Tasks" && parts.Length > 2 ? "Tasks/*" : parts[0]
               select (folder, parts[^1], Noise().Replace(File.ReadAllText(path), "")),
        ];
    }

    [GeneratedRegex(@"//.*|""(\\.|[^""\\])*""|(?<=\.)[A-Z]\w*")]
    private static partial Regex Noise();

    [GeneratedRegex(@"^(?:public |internal )(?:static |abstract |sealed |partial |readonly )*(?:class|record struct|record|struct|interface|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b[A-Z]\w+")]
    private static partial Regex Name();
}
