using System.Xml.Linq;

namespace Microsoft.ML.GradientStability.Packages.Tests;

/// <summary>The versions that the repository names, each in one place.</summary>
internal static class Versions
{
    private static readonly XDocument s_packages = XDocument.Load(Path.Combine(Stranger.Root, "build", "Packages.props"));

    public static string Own { get; } = XDocument.Load(Path.Combine(Stranger.Root, "build", "Common.props")).Descendants("Version").Single().Value;

    public static string TorchSharp { get; } = s_packages.Descendants("TorchSharpVersion").Single().Value;

    public static string OnnxRuntime { get; } = s_packages.Descendants("OnnxRuntimeVersion").Single().Value;
}
