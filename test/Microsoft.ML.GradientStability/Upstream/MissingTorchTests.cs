namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>What a fit says on machines where LibTorch cannot be loaded: TorchSharp itself names a missing package whatever the reason is.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class MissingTorchTests
{
    [TestMethod]
    public void With_LibTorch_beside_it_a_program_fits()
    {
        using var fitter = new Fitter();
        Assert.StartsWith("fitted: ", fitter.Run());
    }

    [TestMethod]
    public void Without_LibTorch_the_error_names_the_package_to_add()
    {
        using var fitter = new Fitter();
        File.Delete(fitter.Native("libtorch_cpu.so"));
        var output = fitter.Run();
        Assert.Contains("NotSupportedException: LibTorch is not there", output);
        Assert.Contains("Add the package TorchSharp-cpu", output);
    }

    [TestMethod]
    public void On_a_system_that_is_too_old_to_be_helped_the_error_says_so()
    {
        using var fitter = new Fitter();
        var library = fitter.Native("libLibTorchSharp.so");
        var bytes = File.ReadAllBytes(library);
        // A version that no C++ runtime has and that the product does not know how to do without.
        var at = bytes.AsSpan().IndexOf("GLIBCXX_3.4.32"u8);
        "GLIBCXX_9.9.99"u8.CopyTo(bytes.AsSpan(at));
        File.Delete(library);
        File.WriteAllBytes(library, bytes);
        var output = fitter.Run();
        Assert.Contains("NotSupportedException: TorchSharp's native library is there but cannot be loaded", output);
        Assert.Contains("GLIBCXX_9.9.99", output);
        Assert.Contains("too old: run on Debian 13, Ubuntu 24.04", output);
    }
}
