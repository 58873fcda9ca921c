using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// TorchSharp 0.107.0 hands the pointer of a scalar to native code and keeps the object alive no longer, so that its finalizer may free it while it
/// is read; and every addition makes such a scalar, the factor 1 of what is added. What this library adds in a step goes through here, and constants of
/// <see cref="Scalar"/> are fields (Upstream/ScalarTests tells when that is over); TorchSharp's optimizers, which are
/// full of them, are not used.
/// </summary>
internal static class LastingScalars
{
    private static readonly Scalar s_one = 1;

    public static Scalar Zero { get; } = 0;

    /// <summary>a + b.</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, s_one);

    /// <summary>a + b in place of a.</summary>
    public static Tensor PlusInPlace(this Tensor a, Tensor b) => a.add_(b, s_one);

    /// <summary>a + <paramref name="constant"/>, which somebody else must hold.</summary>
    public static Tensor Plus(this Tensor a, Scalar constant) => a.add(constant, s_one);
}
