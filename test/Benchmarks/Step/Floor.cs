using static TorchSharp.torch;

namespace Step;

/// <summary>The matrix rate of one thread, which no step can exceed by its products.</summary>
internal static class Floor
{
    /// <summary>LibTorch's product of two matrices of so many rows and columns, in multiply-adds a microsecond of processor time; the best of many.</summary>
    public static double Rate(int size)
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        var (a, b, c) = (randn(size, size), randn(size, size), zeros(size, size));
        var best = 0.0;
        for (var turn = 0; turn < 20; turn++)
        {
            const int products = 40;
            var start = Cost.Now();
            for (var i = 0; i < products; i++)
                c.addmm_(a, b, 0, 1);
            best = Math.Max(best, products * Math.Pow(size, 3) / (Cost.Now() - start).Processor);
        }
        return best;
    }
}
