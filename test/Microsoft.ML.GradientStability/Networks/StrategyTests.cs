using System.Reflection;

namespace Microsoft.ML.GradientStability.Tests.Networks;

/// <summary>What holds for every strategy of every family, found by reflection.</summary>
[TestClass]
public sealed class StrategyTests
{
    public static IEnumerable<object[]> Families() =>
        from type in typeof(Network).Assembly.GetExportedTypes()
        where type.IsAbstract && !type.IsSealed && type.GetMethod("<Clone>$") is not null && type != typeof(Remedy)
        select new object[] { type };

    public static IEnumerable<object[]> Strategies() =>
        from family in Families()
        from strategy in typeof(Network).Assembly.GetExportedTypes()
        where strategy.BaseType == (Type)family[0]
        select new[] { family[0], strategy };

    [TestMethod]
    public void There_are_the_families_of_the_design()
    {
        var names = Families().Select(f => ((Type)f[0]).Name).Order().ToArray();
        CollectionAssert.AreEqual(
            new[] { "Activation", "Detector", "GradientClipper", "Initializer", "LearningRateSchedule", "Network", "Normalization", "Optimizer", "RegressionLoss", "StabilityPolicy" }, names);
    }

    [TestMethod]
    [DynamicData(nameof(Strategies))]
    public void Every_strategy_is_sealed_named_by_its_family_and_prints_one_line(Type family, Type strategy)
    {
        Assert.IsTrue(strategy.IsSealed, strategy.Name);
        var made = Instances(family).Where(s => s.GetType() == strategy).ToArray();
        Assert.IsNotEmpty(made, $"{family.Name} has no static member that gives a {strategy.Name}");
        foreach (var instance in made)
        {
            var text = instance.ToString()!;
            Assert.IsFalse(string.IsNullOrWhiteSpace(text) || text.Contains('\n'), text);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Strategies))]
    public void No_strategy_can_be_made_past_its_checks(Type family, Type strategy)
    {
        Assert.IsEmpty(strategy.GetConstructors(BindingFlags.Public | BindingFlags.Instance), $"{family.Name}: {strategy.Name}");
        foreach (var property in strategy.GetProperties())
            if (property.SetMethod is { IsPublic: true } setter)
                Assert.Contains(typeof(System.Runtime.CompilerServices.IsExternalInit), setter.ReturnParameter.GetRequiredCustomModifiers(),
                    $"{strategy.Name}.{property.Name} can change after it was checked");
    }

    private static IEnumerable<object> Instances(Type family)
    {
        foreach (var property in family.GetProperties(BindingFlags.Public | BindingFlags.Static))
            if (family.IsAssignableFrom(property.PropertyType))
                yield return property.GetValue(null)!;
        foreach (var method in family.GetMethods(BindingFlags.Public | BindingFlags.Static))
            if (!method.IsSpecialName && family.IsAssignableFrom(method.ReturnType))
                yield return method.Invoke(null, [.. method.GetParameters().Select(p => p.HasDefaultValue ? p.DefaultValue : new[] { 4, 4 })])!;
    }
}
