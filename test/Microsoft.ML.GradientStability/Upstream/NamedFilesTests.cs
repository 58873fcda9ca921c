using System.Text.RegularExpressions;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>The tests of this folder say which files can change on the day when a defect is mended; those files are there.</summary>
[TestClass]
public sealed partial class NamedFilesTests
{
    [TestMethod]
    public void Every_file_that_a_test_names_is_there()
    {
        string[] projects = ["src/Microsoft.ML.GradientStability", "test/Microsoft.ML.GradientStability", "."];
        var named = Directory.GetFiles(Path.Combine(Repository.Root, "test/Microsoft.ML.GradientStability/Upstream"), "*.cs")
            .SelectMany(test => NamedFile().Matches(File.ReadAllText(test)).Select(match => (Test: Path.GetFileName(test), File: match.Value))).ToArray();
        Assert.IsGreaterThan(10, named.Length);
        foreach (var (test, file) in named)
            Assert.IsTrue(projects.Any(project => File.Exists(Path.Combine(Repository.Root, project, file))), $"{test} names {file}");
    }

    /// <summary>At least one folder and a file of code or documentation.</summary>
    [GeneratedRegex(@"\b\w+(/\w+)+\.(cs|md)\b")]
    private static partial Regex NamedFile();
}
