using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The host environment behind ML.NET's catalogs, which has no public way there. Should a later ML.NET rename these members, the
/// trainer's public constructor still works, and the error says so.
/// </summary>
internal static class HostAccess
{
    public static IHostEnvironment Environment(TrainCatalogBase.CatalogInstantiatorBase catalog, string trainer)
    {
        try
        {
            return GetEnvironment(GetOwner(catalog));
        }
        catch (MissingMemberException e)
        {
            throw Hidden(trainer, e);
        }
    }

    public static IHostEnvironment Environment(TransformsCatalog catalog, string estimator)
    {
        try
        {
            return EnvironmentField(catalog);
        }
        catch (MissingMemberException e)
        {
            throw Hidden(estimator, e);
        }
    }

    private static NotSupportedException Hidden(string estimator, Exception inner) => new(
        $"This version of ML.NET does not show its environment to the fluent method. Write new {estimator}(mlContext, options) instead.", inner);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_env")]
    private static extern ref IHostEnvironment EnvironmentField(TransformsCatalog catalog);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Owner")]
    private static extern TrainCatalogBase GetOwner(TrainCatalogBase.CatalogInstantiatorBase catalog);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Environment")]
    private static extern IHostEnvironment GetEnvironment(TrainCatalogBase catalog);
}
