namespace Microsoft.ML.GradientStability.Tests.Data;

[TestClass]
public sealed class HeldOutRowsTests
{
    /// <summary>Row r belongs to block ⌊r·p/q⌋, in whole numbers.</summary>
    [TestMethod]
    [DataRow(1, 20)]
    [DataRow(1, 10)]
    [DataRow(3, 20)]
    [DataRow(1, 5)]
    [DataRow(3, 10)]
    [DataRow(1, 3)]
    [DataRow(9, 20)]
    [DataRow(1, 2)]
    [DataRow(2, 3)]
    [DataRow(7, 10)]
    [DataRow(9, 10)]
    public void One_row_of_every_block_is_held_out(int p, int q)
    {
        foreach (var seed in new[] { 0, 1, -7, int.MaxValue })
        {
            var heldOut = new HeldOutRows((double)p / q, seed);
            const int blocks = 3000;
            var inBlock = new int[blocks];
            for (var row = 0L; row * p / q < blocks; row++)
                if (heldOut.Contains(row))
                    inBlock[row * p / q]++;
            for (var block = 0; block < blocks; block++)
                Assert.AreEqual(1, inBlock[block], $"{p}/{q}, seed {seed}, block {block}");
        }
    }

    [TestMethod]
    public void Far_rows_are_split_as_near_ones()
    {
        var heldOut = new HeldOutRows(0.1, 3);
        for (var block = 1_000_000_000L; block < 1_000_000_500L; block++)
            Assert.AreEqual(1, Enumerable.Range(0, 10).Count(i => heldOut.Contains(10 * block + i)), $"block {block}");
    }

    [TestMethod]
    public void The_seed_decides()
    {
        bool[] Split(int seed) => [.. Enumerable.Range(0, 500).Select(row => new HeldOutRows(0.2, seed).Contains(row))];
        CollectionAssert.AreEqual(Split(4), Split(4));
        CollectionAssert.AreNotEqual(Split(4), Split(5));
    }

    [TestMethod]
    public void Places_within_a_block_are_all_alike_likely()
    {
        var heldOut = new HeldOutRows(0.1, 9);
        var places = new int[10];
        for (var row = 0; row < 100_000; row++)
            if (heldOut.Contains(row))
                places[row % 10]++;
        // 10 000 draws of 10 places: a standard deviation of 30.
        foreach (var count in places)
            Assert.AreEqual(1000, count, 150);
    }

    [TestMethod]
    public void Without_a_fraction_none_is() => Assert.IsFalse(Enumerable.Range(0, 100).Any(row => default(HeldOutRows).Contains(row) || new HeldOutRows(0, 1).Contains(row)));
}
