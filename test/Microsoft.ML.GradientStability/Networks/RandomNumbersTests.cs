using System.Runtime.Intrinsics;

namespace Microsoft.ML.GradientStability.Tests.Networks;

[TestClass]
public sealed class RandomNumbersTests
{
    /// <summary>
    /// The first numbers from the state 1, 2, 3, 4, as the tests of Rust's rand_xoshiro list them; they come from the authors' C code.
    /// </summary>
    [TestMethod]
    public void Every_lane_is_xoshiro128_plus_plus()
    {
        uint[] published = [641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295, 495546011, 621204420];
        var numbers = new RandomNumbers(1, 2, 3, 4);
        foreach (var number in published)
            Assert.AreEqual(Vector256.Create(number), numbers.Next());
    }

    /// <summary>The first numbers from 1234567, as listed with the algorithm at Rosetta Code.</summary>
    [TestMethod]
    public void Keys_are_mixed_by_SplitMix64()
    {
        var state = 1234567UL;
        foreach (var number in (ulong[])[6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821])
            Assert.AreEqual(number, SplitMix64.Next(ref state));
    }

    [TestMethod]
    [DataRow(0.5)]
    [DataRow(0.1)]
    [DataRow(0.999)]
    [DataRow(1.0)]
    public void A_mask_keeps_the_share_asked_for(double probability)
    {
        var mask = new float[100_003];
        new RandomNumbers(5).FillMask(probability, 2.5f, mask);
        Assert.IsTrue(mask.All(x => x is 0 or 2.5f));
        var kept = mask.Count(x => x != 0) / (double)mask.Length;
        Assert.AreEqual(probability, kept, 5 * Math.Sqrt(probability * (1 - probability) / mask.Length) + 1e-12);
        Assert.IsTrue(mask[^3..].Length == 3 && mask.Skip(mask.Length - 1000).Any(x => x != 0), "the end that fills no lane is drawn too");
    }

    [TestMethod]
    public void Uniform_numbers_fill_their_range_evenly()
    {
        var values = new float[100_005];
        new RandomNumbers(6).FillUniform(3, values);
        Assert.IsTrue(values.All(x => x is >= -3 and < 3));
        Assert.AreEqual(0, values.Average(x => (double)x), 5 * Math.Sqrt(3.0 / values.Length));
        Assert.AreEqual(3, values.Average(x => (double)x * x), 0.05);
        for (var tenth = 0; tenth < 10; tenth++)
            Assert.AreEqual(0.1, values.Count(x => (int)((x + 3) / 0.6) == tenth) / (double)values.Length, 0.006);
    }

    [TestMethod]
    public void Normal_numbers_have_the_moments_of_a_normal_distribution()
    {
        var values = new float[200_001];
        new RandomNumbers(7).FillNormal(2, values);
        double Moment(int power) => values.Average(x => Math.Pow(x / 2.0, power));
        Assert.AreEqual(0, Moment(1), 0.012);
        Assert.AreEqual(1, Moment(2), 0.016);
        Assert.AreEqual(0, Moment(3), 0.05);
        Assert.AreEqual(3, Moment(4), 0.12);
        Assert.AreEqual(0.6827, values.Count(x => Math.Abs(x) < 2) / (double)values.Length, 0.006);
        // The two numbers of a pair are unrelated.
        Assert.AreEqual(0, values.Take(512).Zip(values.Skip(512).Take(512), (x, y) => x * y / 4.0).Average(), 0.25);
    }

    [TestMethod]
    public void A_stream_hangs_on_its_key_alone()
    {
        CollectionAssert.AreEqual(Draw(9), Draw(9));
        CollectionAssert.AreNotEqual(Draw(9), Draw(10));

        static float[] Draw(ulong key)
        {
            var values = new float[100];
            new RandomNumbers(key).FillUniform(1, values);
            return values;
        }
    }

    [TestMethod]
    public void A_step_draws_the_same_whatever_came_before_and_another_step_other_numbers()
    {
        var (straight, resumed) = (new FitRandom(3), new FitRandom(3));
        for (var step = 1; step < 8; step++)
        {
            straight.Begin(1, step);
            straight.Next();
            straight.Order(step).Next();
        }
        straight.Begin(2, 8);
        resumed.Begin(2, 8);
        var first = straight.Next().Next();
        Assert.AreEqual(first, resumed.Next().Next());
        Assert.AreNotEqual(first, resumed.Next().Next());
        resumed.Begin(2, 9);
        Assert.AreNotEqual(first, resumed.Next().Next());
        Assert.AreEqual(straight.Order(4).Next(), resumed.Order(4).Next());
        Assert.AreNotEqual(straight.Order(4).Next(), straight.Order(5).Next());
        Assert.AreNotEqual(straight.Order(4).Next(), new FitRandom(4).Order(4).Next());
    }
}
