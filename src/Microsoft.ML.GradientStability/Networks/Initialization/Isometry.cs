using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Random matrices with orthonormal columns, or rows where there are more columns than rows, every one as likely as every other: the Q of
/// normal numbers, its signs by the diagonal of R (Mezzadri 2007, "How to generate random matrices from the classical compact groups").
/// </summary>
internal static class Isometry
{
    /// <summary>
    /// Vectors that are made at a time, so that a large matrix can be given up on the way. Each panel is freed of the ones before it and
    /// decomposed, twice, which is enough for the precision of Single (Giraud, Langou, Rozložník and van den Eshof 2005).
    /// </summary>
    private const int Panel = 256;

    public static void Fill(Tensor weight, double gain, in Origin origin)
    {
        using var whole = NewDisposeScope();
        var (length, count) = (Math.Max(weight.shape[0], weight.shape[1]), Math.Min(weight.shape[0], weight.shape[1]));
        var vectors = empty([length, count], dtype: ScalarType.Float32, device: CPU);
        for (var start = 0L; start < count; start += Panel)
        {
            using var scope = NewDisposeScope();
            var panel = empty([length, Math.Min(Panel, count - start)], dtype: ScalarType.Float32, device: CPU);
            origin.Random.Next().FillNormal(1, MemoryMarshal.Cast<byte, float>(panel.bytes));
            var before = vectors.narrow(1, 0, start);
            for (var pass = 0; pass < (start == 0 ? 1 : 2); pass++)
            {
                origin.Cancellation.ThrowIfCancelled();
                if (start > 0)
                    panel = panel - before.mm(before.t().mm(panel));
                var (q, r) = linalg.qr(panel);
                panel = q * r.diagonal().sign();
            }
            vectors.narrow(1, start, panel.shape[1]).copy_(panel);
        }
        weight.copy_(weight.shape[0] == length ? vectors : vectors.t()).mul_((TorchSharp.Scalar)gain);
    }
}
