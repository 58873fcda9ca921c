using System.Reflection;

namespace Microsoft.ML.GradientStability.Tests.Networks;

/// <summary>The strategies of a family as its static members give them, by reflection, so that a new one is tested by itself.</summary>
internal static class Known
{
    public static IEnumerable<T> All<T>() where T : class
    {
        foreach (var property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Static))
            if (typeof(T).IsAssignableFrom(property.PropertyType))
                yield return (T)property.GetValue(null)!;
        foreach (var method in typeof(T).GetMethods(BindingFlags.Public | BindingFlags.Static))
            if (!method.IsSpecialName && typeof(T).IsAssignableFrom(method.ReturnType))
                yield return (T)method.Invoke(null, [.. method.GetParameters().Select(p => p.DefaultValue)])!;
    }
}
