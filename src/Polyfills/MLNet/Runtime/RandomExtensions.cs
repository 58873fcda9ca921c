namespace Microsoft.ML.Runtime;

internal static class RandomExtensions
{
    /// <summary>An order of the numbers below the size, the one that ML.NET makes of the same generator.</summary>
    public static int[] NextPermutation(this Random random, int size)
    {
        var order = Enumerable.Range(0, size).ToArray();
        for (var i = 0; i < size; i++)
        {
            var other = i + random.Next(size - i);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }
}
