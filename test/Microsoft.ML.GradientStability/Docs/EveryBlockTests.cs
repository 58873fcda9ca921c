using System.Text.RegularExpressions;

namespace Microsoft.ML.GradientStability.Tests.Docs;

/// <summary>
/// Every block of C# in README.md and docs/ stands in a file of some test project's folder Docs, between the marks <c>// &lt;name&gt;</c> and
/// <c>// &lt;/name&gt;</c>, where it compiles and is run; and what stands there is shown in a page.
/// </summary>
[TestClass]
public sealed partial class EveryBlockTests
{
    [TestMethod]
    public void Every_block_is_code_that_compiles()
    {
        var samples = Samples().ToHashSet();
        var unknown = Blocks().Where(block => !samples.Contains(block.Code)).Select(block => $"{block.Page}:\n{block.Code}").ToArray();
        Assert.IsEmpty(unknown, string.Join("\n\n", unknown));
    }

    [TestMethod]
    public void Every_sample_is_shown()
    {
        var shown = Blocks().Select(block => block.Code).ToHashSet();
        var hidden = Samples().Where(sample => !shown.Contains(sample)).ToArray();
        Assert.IsEmpty(hidden, string.Join("\n\n", hidden));
        Assert.IsGreaterThan(10, shown.Count);
    }

    private static IEnumerable<(string Page, string Code)> Blocks() =>
        from page in Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(Repository.Root, "README.md"))
        from Match block in Block().Matches(File.ReadAllText(page).ReplaceLineEndings("\n"))
        select (Path.GetFileName(page), block.Groups[1].Value);

    private static IEnumerable<string> Samples() =>
        from project in Directory.EnumerateDirectories(Path.Combine(Repository.Root, "test"))
        where Directory.Exists(Path.Combine(project, "Docs"))
        from file in Directory.EnumerateFiles(Path.Combine(project, "Docs"), "*Sample.cs")
        from Match sample in Marked().Matches(File.ReadAllText(file).ReplaceLineEndings("\n"))
        select string.Join('\n', sample.Groups[2].Value.Split('\n').Select(line => line.Length >= 8 ? line[8..] : line));

    [GeneratedRegex("^```csharp\n(.*?)\n```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"// <(\w+)>\n(.*?)\n *// </\1>", RegexOptions.Singleline)]
    private static partial Regex Marked();
}
