using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The host environment behind ML.NET's catalogs, which has no public way there. Should a later ML.NET rename these members, the
/// trainer's public constructor still works, and the error says so.
/// </summary>
internal static class HostAccess
{
    public static IHostEnvironment Environment(TrainCatalogBase.CatalogInstantiatorBase catalog, string trainer) =>
        Reach(() => GetEnvironment(GetOwner(catalog)), trainer);

    public static IHostEnvironment Environment(TransformsCatalog catalog, string estimator) => Reach(() => EnvironmentField(catalog), estimator);

    /// <summary>That of a catalog of models; <see langword="null"/> where ML.NET does not show it: then nothing is known of what it asks for.</summary>
    public static IHostEnvironment? EnvironmentOrNull(ModelOperationsCatalog catalog)
    {
        try
        {
            return EnvironmentField(catalog);
        }
        catch (MissingMemberException)
        {
            return null;
        }
    }

    /// <exception cref="NotSupportedException">A member on the way is not there; the message names the constructor.</exception>
    internal static IHostEnvironment Reach(Func<IHostEnvironment> way, string estimator)
    {
        try
        {
            return way();
        }
        catch (MissingMemberException e)
        {
            throw new NotSupportedException(
                $"This version of ML.NET does not show its environment to the fluent method. Write new {estimator}(mlContext, options) instead.", e);
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_env")]
    private static extern ref IHostEnvironment EnvironmentField(TransformsCatalog catalog);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_env")]
    private static extern ref IHostEnvironment EnvironmentField(ModelOperationsCatalog catalog);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Owner")]
    private static extern TrainCatalogBase GetOwner(TrainCatalogBase.CatalogInstantiatorBase catalog);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Environment")]
    private static extern IHostEnvironment GetEnvironment(TrainCatalogBase catalog);
}
