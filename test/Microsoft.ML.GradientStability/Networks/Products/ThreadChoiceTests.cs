namespace Microsoft.ML.GradientStability.Tests.Networks.Products;

[TestClass]
public sealed class ThreadChoiceTests
{
    /// <summary>The slower one is tried now and then, and no more.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void What_takes_less_of_the_clock_is_chosen(bool severalAreSlow)
    {
        var choice = new ThreadChoice();
        var slow = 0;
        for (var time = 0; time < 200; time++)
        {
            if (choice.Begin() == severalAreSlow)
            {
                slow++;
                Thread.Sleep(20);
            }
            choice.End(size: 1);
        }
        Assert.IsTrue(slow is >= 3 and <= 30, $"{slow} of 200 times the slow way");
    }

    [TestMethod]
    public void It_changes_its_mind_when_the_other_way_has_become_faster()
    {
        var choice = new ThreadChoice();
        Assert.IsLessThan(20, Run(severalAreSlow: true, 100));
        Run(severalAreSlow: false, 200);
        Assert.IsGreaterThan(90, Run(severalAreSlow: false, 100));

        int Run(bool severalAreSlow, int times)
        {
            var several = 0;
            for (var time = 0; time < times; time++)
            {
                var bySeveral = choice.Begin();
                several += bySeveral ? 1 : 0;
                if (bySeveral == severalAreSlow)
                    Thread.Sleep(2);
                choice.End(size: 1);
            }
            return several;
        }
    }
}
