using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Microsoft.ML.GradientStability.Tests.Networks;

/// <summary>What holds for every strategy of every family, found by reflection.</summary>
[TestClass]
public sealed partial class StrategyTests
{
    private static readonly Assembly s_product = typeof(Network).Assembly;
    private static readonly XDocument s_docs = XDocument.Load(Path.ChangeExtension(s_product.Location, ".xml"));

    /// <summary>Families whose members compute nothing that was published.</summary>
    private static readonly Type[] s_unpublished = [typeof(Network), typeof(StabilityPolicy), typeof(Detector), typeof(RegressionLoss), typeof(Report)];

    /// <summary>Strategies that do nothing, or are LibTorch's own.</summary>
    private static readonly Type[] s_withoutSource =
        [typeof(NoClipper), typeof(NoNormalization), typeof(NoEncoding), typeof(NoWeightParametrization), typeof(ConstantSchedule)];

    private static readonly Func<int, int, TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>> s_factory = (inputs, outputs) => TorchSharp.torch.nn.Linear(inputs, outputs);

    public static IEnumerable<object[]> Families() =>
        from type in s_product.GetExportedTypes()
        where type.IsAbstract && !type.IsSealed && type.BaseType == typeof(object) && type.GetMethod("<Clone>$") is not null && type != typeof(Remedy)
        select new object[] { type };

    /// <summary>Those that decide a model, and so are part of its options' JSON.</summary>
    public static IEnumerable<object[]> StrategiesOfModels() => Strategies().Where(pair => (Type)pair[0] != typeof(Report));

    public static IEnumerable<object[]> Strategies() =>
        from family in Families()
        from strategy in s_product.GetExportedTypes()
        where !strategy.IsAbstract && strategy.IsSubclassOf((Type)family[0])
        select new[] { family[0], strategy };

    [TestMethod]
    public void There_are_the_families_of_the_design()
    {
        var names = Families().Select(f => ((Type)f[0]).Name).Order().ToArray();
        CollectionAssert.AreEqual(
            new[]
            {
                "Activation", "Detector", "GradientClipper", "Initializer", "InputEncoding", "LearningRateSchedule", "Network", "Normalization", "Optimizer",
                "PositionEncoding", "RecurrentCell", "RegressionLoss", "Regularizer", "Report", "Residual", "StabilityPolicy", "WeightParametrization",
            }, names);
    }

    [TestMethod]
    [DynamicData(nameof(Strategies))]
    public void Every_strategy_is_sealed_named_by_its_family_and_prints_one_line(Type family, Type strategy)
    {
        Assert.IsTrue(strategy.IsSealed, strategy.Name);
        foreach (var instance in Made(family, strategy))
            AssertOneLine(instance.ToString()!);
        foreach (var (instance, property) in Changed(family, strategy))
        {
            AssertOneLine(instance.ToString()!);
            Assert.AreNotEqual(Made(family, strategy)[0], instance, $"{strategy.Name}.{property.Name} takes no part in equality");
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

    [TestMethod]
    [DynamicData(nameof(Strategies))]
    public void Every_number_of_a_strategy_is_checked(Type family, Type strategy)
    {
        var instance = Made(family, strategy)[0];
        foreach (var property in Settable(strategy))
        {
            object[] bad = Type.GetTypeCode(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) switch
            {
                _ when property.PropertyType.IsEnum => [],
                TypeCode.Double => [double.NaN, double.PositiveInfinity],
                TypeCode.Int32 => [-1],
                _ => [],
            };
            foreach (var value in bad)
            {
                var error = Assert.ThrowsExactly<TargetInvocationException>(() => property.SetValue(Clone(instance), value), $"{strategy.Name}.{property.Name} = {value}");
                Assert.AreEqual(property.Name, ((ArgumentOutOfRangeException)error.InnerException!).ParamName);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(StrategiesOfModels))]
    public void Every_strategy_goes_through_json_and_back_by_a_discriminator_of_its_family(Type family, Type strategy)
    {
        var discriminator = family.GetCustomAttributes<JsonDerivedTypeAttribute>().SingleOrDefault(a => a.DerivedType == strategy)?.TypeDiscriminator as string;
        Assert.IsNotNull(discriminator, $"{family.Name} has no JsonDerivedType for {strategy.Name}");
        Assert.IsTrue(Entries(family).Any(e => e.Name == discriminator && Make(e).GetType() == strategy), $"{discriminator} is not the name of {strategy.Name}'s entry");
        foreach (var instance in Made(family, strategy).Concat(Changed(family, strategy).Select(c => c.Instance)))
        {
            var json = JsonSerializer.Serialize(instance, family);
            Assert.Contains($"\"$type\":\"{discriminator}\"", json);
            Assert.AreEqual(instance, JsonSerializer.Deserialize(json, family), json);
        }
        // Of the entries of a strategy, that of its own name has the defaults; a network has no default width.
        if (family != typeof(Network))
            Assert.AreEqual(Make(Entries(family).Single(e => e.Name == discriminator)), JsonSerializer.Deserialize($$"""{"$type":"{{discriminator}}"}""", family));
    }

    [TestMethod]
    [DynamicData(nameof(Strategies))]
    public void Every_strategy_and_its_entry_are_documented_with_a_source(Type family, Type strategy)
    {
        var summary = Doc($"T:{strategy.FullName}");
        if (!s_unpublished.Contains(family) && !s_withoutSource.Contains(strategy) && !summary.Contains("LibTorch"))
            Assert.MatchesRegex(Year(), summary, $"{strategy.Name} names no source with its year");
        foreach (var property in Settable(strategy).Where(p => p.DeclaringType == strategy))
            if (property.PropertyType == typeof(double) || property.PropertyType == typeof(double?) || property.PropertyType == typeof(int))
                Assert.Contains("Default", Doc($"P:{strategy.FullName}.{property.Name}"), $"{strategy.Name}.{property.Name} names no default");
        foreach (var entry in Entries(family).Where(e => Made(family, strategy).Any(i => i.GetType() == Result(e))))
            Assert.AreNotEqual("", s_docs.Descendants("member")
                .Where(m => ((string)m.Attribute("name")!) is var name && (name == $"P:{family.FullName}.{entry.Name}" || name.StartsWith($"M:{family.FullName}.{entry.Name}(", StringComparison.Ordinal)))
                .Select(m => m.Element("summary")!.Value.Trim()).FirstOrDefault(""), $"{family.Name}.{entry.Name} is not documented");
    }

    [TestMethod]
    public void Every_entry_of_the_stabilizing_families_stands_on_the_page_of_them()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "stabilization.md"));
        var missing = from family in Families().Select(f => (Type)f[0])
                      where !s_unpublished.Contains(family)
                      from entry in Entries(family)
                      where !Regex.IsMatch(page, $@"[`.]{entry.Name}(?![A-Za-z])")
                      select $"{family.Name}.{entry.Name}";
        Assert.AreEqual("", string.Join(", ", missing));
    }

    private static void AssertOneLine(string text)
    {
        Assert.IsFalse(string.IsNullOrWhiteSpace(text) || text.Contains('\n'), text);
        Assert.DoesNotContain("{", text, "the default text of a record follows the culture of the machine");
    }

    private static string Doc(string member)
    {
        var element = s_docs.Descendants("member").FirstOrDefault(m => (string)m.Attribute("name")! == member);
        Assert.IsNotNull(element, $"{member} is not documented");
        return element.Element("summary")!.Value;
    }

    /// <summary>Every instance that the static members of the family give of a strategy; at least one.</summary>
    private static object[] Made(Type family, Type strategy)
    {
        var made = Entries(family).Select(Make).Where(s => s.GetType() == strategy).ToArray();
        Assert.IsNotEmpty(made, $"{family.Name} has no static member that gives a {strategy.Name}");
        return made;
    }

    private static IEnumerable<MemberInfo> Entries(Type family) =>
        family.GetMembers(BindingFlags.Public | BindingFlags.Static).Where(m => Result(m) is { } type && family.IsAssignableFrom(type)
            && m is not MethodInfo { IsSpecialName: true });

    private static Type? Result(MemberInfo member) => (member as PropertyInfo)?.PropertyType ?? (member as MethodInfo)?.ReturnType;

    private static object Make(MemberInfo entry) => entry switch
    {
        PropertyInfo property => property.GetValue(null)!,
        MethodInfo method => method.Invoke(null, [.. method.GetParameters().Select(p => p.HasDefaultValue ? p.DefaultValue : p.ParameterType == typeof(string) ? "place" : p.ParameterType.IsAssignableTo(typeof(Delegate)) ? s_factory
            : p.ParameterType == typeof(Network[]) ? new Network[] { Network.FeedForward(4), Network.FeedForward(8) } : (object)new[] { 4, 4 })])!,
        _ => throw new InvalidOperationException(),
    };

    private static IEnumerable<PropertyInfo> Settable(Type strategy) => strategy.GetProperties().Where(p => p.SetMethod is { IsPublic: true });

    /// <summary>The strategy with each of its properties changed, one at a time.</summary>
    private static IEnumerable<(object Instance, PropertyInfo Property)> Changed(Type family, Type strategy)
    {
        foreach (var property in Settable(strategy))
        {
            var instance = Clone(Made(family, strategy)[0]);
            property.SetValue(instance, Other(property.PropertyType, property.GetValue(instance)));
            yield return (instance, property);
        }
    }

    private static object Clone(object record) => record.GetType().GetMethod("<Clone>$")!.Invoke(record, null)!;

    private static object Other(Type type, object? value) => value switch
    {
        double number => number == 0 ? 0.125 : number * (number < 1 ? 0.75 : 1.25),
        // Some numbers have to be odd.
        int number => number + 2,
        string text => text + "2",
        bool flag => !flag,
        Enum => Enum.GetValues(type).GetValue(1)!,
        System.Collections.Immutable.ImmutableArray<Network> => System.Collections.Immutable.ImmutableArray.Create<Network>(Network.FeedForward(4), Network.FeedForward(2)),
        System.Collections.Immutable.ImmutableArray<int> => System.Collections.Immutable.ImmutableArray.Create(7, 5),
        null when type == typeof(double?) => 0.5,
        null when type == typeof(bool?) => true,
        null when type == typeof(int?) => 3,
        null when type == typeof(System.Collections.Immutable.ImmutableArray<int>?) => System.Collections.Immutable.ImmutableArray.Create(7, 5),
        null when type == typeof(string) => "text",
        null when type == typeof(InputShape) => InputShape.Image(1, 2, 2),
        null when type == typeof(Initializer) => Initializer.HeNormal,
        null when type == typeof(Residual) => Residual.Gated(0.5) with { BranchLayers = 2 },
        not null when Families().Any(f => ((Type)f[0]).IsAssignableFrom(type)) => Entries(type).Select(Make).First(s => !s.Equals(value)),
        _ => throw new NotSupportedException($"{type} {value}"),
    };

    [GeneratedRegex(@"\b(19|20)\d\d\b")]
    private static partial Regex Year();
}
