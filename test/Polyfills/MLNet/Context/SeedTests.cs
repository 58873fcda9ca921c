using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace GradientStability.Polyfills.MLNet.Tests.Context;

[TestClass]
public sealed class SeedTests
{
    [TestMethod]
    public void The_seed_of_the_context_fixes_the_numbers_of_every_host()
    {
        CollectionAssert.AreEqual(Draw(new MLContext(7)), Draw(new MLContext(7)));
        CollectionAssert.AreNotEqual(Draw(new MLContext(7)), Draw(new MLContext(8)));
    }

    [TestMethod]
    public void Hosts_of_one_context_draw_different_numbers()
    {
        IHostEnvironment environment = new MLContext(7);
        Assert.AreNotEqual(environment.Register("A").Rand.Next(), environment.Register("A").Rand.Next());
    }

    [TestMethod]
    public void A_host_may_name_its_own_seed()
    {
        IHostEnvironment environment = new MLContext();
        Assert.AreEqual(environment.Register("A", seed: 5).Rand.Next(), environment.Register("B", seed: 5).Rand.Next());
    }

    [TestMethod]
    public void Numbers_stay_in_their_range()
    {
        var random = ((IHostEnvironment)new MLContext(1)).Register("A").Rand;
        for (var i = 0; i < 1000; i++)
        {
            Assert.IsTrue(random.Next(10) is >= 0 and < 10);
            Assert.IsTrue(random.Next(-5, 5) is >= -5 and < 5);
            Assert.IsTrue(random.NextDouble() is >= 0 and < 1);
            Assert.IsTrue(random.Next() >= 0);
        }
    }

    private static int[] Draw(IHostEnvironment environment)
    {
        var random = environment.Register("Trainer").Rand;
        return [.. Enumerable.Range(0, 8).Select(_ => random.Next())];
    }
}
