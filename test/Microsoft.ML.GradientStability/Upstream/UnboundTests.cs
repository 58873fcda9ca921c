using System.Reflection;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>What LibTorch or PyTorch has and TorchSharp 0.107.0 does not bind, so that it is written out.</summary>
[TestClass]
public sealed class UnboundTests
{
    [TestMethod]
    [DataRow("RMSNorm", "the class RootMeanSquare of Networks/Normalization/RmsNormalization.cs")]
    [DataRow("rms_norm", "what RootMeanSquare of Networks/Normalization/RmsNormalization.cs computes by hand")]
    [DataRow("weight_norm", "the class Normalized of Networks/Parametrization/WeightNormalization.cs")]
    [DataRow("spectral_norm", "the class Normalized of Networks/Parametrization/SpectralNormalization.cs")]
    public void Is_not_bound(string name, string whatCanGo)
    {
        Type[] places = [typeof(nn), typeof(nn.functional), typeof(nn.utils)];
        Assert.IsFalse(places.SelectMany(place => place.GetMethods(BindingFlags.Public | BindingFlags.Static)).Any(method => method.Name == name),
            $"TorchSharp has {name} now; where it is right, it can stand for {whatCanGo}.");
    }
}
