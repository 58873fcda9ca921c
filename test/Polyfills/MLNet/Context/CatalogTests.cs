using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace GradientStability.Polyfills.MLNet.Tests.Context;

/// <summary>The private names by which an extension method reaches the environment of its catalog.</summary>
[TestClass]
public sealed class CatalogTests
{
    [TestMethod]
    public void Every_catalog_leads_to_an_environment()
    {
        var context = new MLContext(seed: 1);
        Assert.IsNotNull(EnvironmentOf(OwnerOf(context.MulticlassClassification.Trainers)));
        Assert.IsNotNull(EnvironmentOf(context.Model));
        Assert.IsNotNull(EnvironmentOf(context.Transforms));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Owner")]
    private static extern TrainCatalogBase OwnerOf(TrainCatalogBase.CatalogInstantiatorBase catalog);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Environment")]
    private static extern IHostEnvironment EnvironmentOf(TrainCatalogBase catalog);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_env")]
    private static extern ref readonly IHostEnvironment EnvironmentOf(ModelOperationsCatalog catalog);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_env")]
    private static extern ref readonly IHostEnvironment EnvironmentOf(TransformsCatalog catalog);
}
