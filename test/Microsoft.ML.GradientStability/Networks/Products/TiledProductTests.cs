namespace Microsoft.ML.GradientStability.Tests.Networks.Products;

/// <summary>Products of matrices against sums in double precision.</summary>
[TestClass]
public sealed unsafe class TiledProductTests
{
    public static IEnumerable<object[]> Shapes() =>
        from m in new[] { 1, 7, 8, 19 } from n in new[] { 1, 10, 16, 33, 64 } from k in new[] { 1, 9, 300 } select new object[] { m, n, k };

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Every_shape_and_both_orders_agree(int m, int n, int k)
    {
        foreach (var (turnsA, turnsB, add) in new[] { (false, false, false), (true, false, true), (false, true, false), (true, true, true) })
        {
            Check(m, n, k, turnsA, turnsB, add, new TiledProduct(1).Multiply);
            if (n <= NarrowTile.Columns)
                Check(m, n, k, turnsA, turnsB, add, TiledProduct.Multiply<NarrowTile>);
        }
    }

    [TestMethod]
    public void Several_threads_give_the_same_to_the_last_bit()
    {
        var one = Check(300, 500, 300, false, true, false, new TiledProduct(1).Multiply);
        var several = new TiledProduct(4);
        for (var time = 0; time < 20; time++)
            CollectionAssert.AreEqual(one, Check(300, 500, 300, false, true, false, several.Multiply));
    }

    [TestMethod]
    [DoNotParallelize]
    public void A_product_allocates_nothing()
    {
        var (a, b, c) = (GC.AllocateArray<float>(64 * 64, pinned: true), GC.AllocateArray<float>(64 * 64, pinned: true), GC.AllocateArray<float>(64 * 64, pinned: true));
        var product = new TiledProduct(1);
        fixed (float* pa = a, pb = b, pc = c)
        {
            var (x, y, z) = (new Matrix(pa, 64, 64, 64), new Matrix(pb, 64, 64, 64), new Matrix(pc, 64, 64, 64));
            product.Multiply(x, y, z);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
                product.Multiply(x, y.Transposed, z, add: true);
            Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    private delegate void Product(in Matrix a, in Matrix b, in Matrix c, bool add);

    private static float[] Check(int m, int n, int k, bool turnsA, bool turnsB, bool add, Product product)
    {
        var random = new Random(m + 100 * n + 10_000 * k);
        float[] a = Numbers(m * k), b = Numbers(k * n), c = Numbers(m * n), before = [.. c];
        fixed (float* pa = a, pb = b, pc = c)
        {
            var x = turnsA ? new Matrix(pa, k, m, m).Transposed : new Matrix(pa, m, k, k);
            var y = turnsB ? new Matrix(pb, n, k, k).Transposed : new Matrix(pb, k, n, n);
            product(x, y, new Matrix(pc, m, n, n), add);
            for (var row = 0; row < m; row++)
                for (var column = 0; column < n; column++)
                {
                    double sum = add ? before[row * n + column] : 0;
                    for (var i = 0; i < k; i++)
                        sum += (double)x.Start[row * x.Down + i * x.Across] * y.Start[i * y.Down + column * y.Across];
                    Assert.AreEqual(sum, c[row * n + column], 1e-6 * (k + 1), $"{m} × {n} × {k}: ({row}, {column})");
                }
        }
        return c;

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}
