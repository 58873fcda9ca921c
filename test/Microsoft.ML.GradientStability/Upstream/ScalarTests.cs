using System.Reflection;
using System.Reflection.Emit;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>
/// A defect of TorchSharp 0.107.0: what takes a scalar hands its native pointer on and keeps the object alive no longer, so that its finalizer
/// may free it while native code reads it; every addition of tensors makes one. Seen once in some thousand fits.
/// </summary>
[TestClass]
public sealed class ScalarTests
{
    [TestMethod]
    public void Nothing_keeps_a_scalar_alive_during_the_call()
    {
        Assert.IsNotNull(typeof(Scalar).GetMethod("Finalize", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly), "a scalar frees native memory when it is collected");
        foreach (var (name, parameters) in new (string, Type[])[] { ("add_", [typeof(Scalar)]), ("clamp_", [typeof(Scalar), typeof(Scalar)]), ("add", [typeof(Tensor), typeof(Scalar)]) })
        {
            var method = typeof(Tensor).GetMethod(name, parameters)!;
            Assert.IsFalse(Calls(method).Any(called => called.Name == nameof(GC.KeepAlive)),
                $"{name} keeps its scalar alive now: Upstream/LastingScalars.cs can go, constants of Scalar in Networks/ and Tasks/ need not be fields any more, and nn.BatchNorm1d can take the place of BatchNormalization.Batchwise.");
        }
    }

    /// <summary>Only members that the body names directly; four bytes behind a call's code are its token.</summary>
    private static IEnumerable<MethodBase> Calls(MethodInfo method)
    {
        var code = method.GetMethodBody()!.GetILAsByteArray()!;
        for (var i = 0; i + 4 < code.Length; i++)
            if (code[i] == (byte)OpCodes.Call.Value && Resolve(BitConverter.ToInt32(code, i + 1)) is { } called)
                yield return called;

        MethodBase? Resolve(int token)
        {
            try
            {
                return method.Module.ResolveMethod(token);
            }
            catch (ArgumentException)
            {
                return null;
            }
        }
    }
}
