using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Transformers;

/// <summary>What pads the rows of a saved model.</summary>
[TestClass]
public sealed class SequencePadderTests
{
    /// <summary>ML.NET runs one mapping on several threads, each with a row of its own.</summary>
    [TestMethod]
    public void Rows_of_several_threads_share_nothing()
    {
        var map = new PadderTo16().GetMapping();
        var (one, other) = (new PadderTo16.Row(), new PadderTo16.Row());
        map(Of(1, 2, 3), one);
        map(Of(7), other);
        CollectionAssert.AreEqual(new[] { 1, 2, 3, float.NaN }, one.Values.GetValues()[..4].ToArray());
        CollectionAssert.AreEqual(new[] { 7, float.NaN, float.NaN, float.NaN }, other.Values.GetValues()[..4].ToArray());
    }

    [TestMethod]
    public void A_shorter_row_keeps_nothing_of_the_one_before()
    {
        var map = new PadderTo16().GetMapping();
        var row = new PadderTo16.Row();
        map(Of(1, 2, 3), row);
        map(Of(4), row);
        Assert.AreEqual(4, row.Values.GetValues()[0]);
        Assert.IsTrue(row.Values.GetValues()[1..].ToArray().All(float.IsNaN));
    }

    private static SequencePadder<PadderTo16.Row>.Sequence Of(params float[] values) => new() { Values = new VBuffer<float>(values.Length, values) };
}
