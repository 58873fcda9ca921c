[assembly: System.Runtime.CompilerServices.DisableRuntimeMarshalling]

namespace TorchSharp;

/// The C shim over LibTorch. Every argument is blittable, so a call is a jump; a function that returns an `int` returns 0 when all is
/// well, one that returns a tensor's handle returns 0 when it is not, and <see cref="Call"/> turns the failure into an exception.
internal static unsafe partial class Native
{
    private const string Library = "gradientstability_torch";
}
