using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>The internals of Microsoft.ML 5.0.1 by which the fluent methods reach the environment, and what is said without them.</summary>
[TestClass]
public sealed class HostAccessTests
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly;

    [TestMethod]
    public void The_members_that_HostAccess_names_are_there_with_their_types()
    {
        Assert.AreEqual(typeof(TrainCatalogBase), typeof(TrainCatalogBase.CatalogInstantiatorBase).GetMethod("get_Owner", Hidden, [])?.ReturnType);
        Assert.AreEqual(typeof(IHostEnvironment), typeof(TrainCatalogBase).GetMethod("get_Environment", Hidden, [])?.ReturnType);
        Assert.AreEqual(typeof(IHostEnvironment), typeof(TransformsCatalog).GetField("_env", Hidden)?.FieldType);
        Assert.AreEqual(typeof(IHostEnvironment), typeof(ModelOperationsCatalog).GetField("_env", Hidden)?.FieldType);
    }

    /// <summary>The same environment as the context, not only one of its type: its channels reach the log.</summary>
    [TestMethod]
    public void Every_catalog_leads_to_the_environment_of_its_context()
    {
        var ml = new MLContext(seed: 1);
        var lines = new List<string>();
        ml.Log += (_, e) => lines.Add(e.RawMessage ?? "");
        IHostEnvironment[] environments =
        [
            HostAccess.Environment(ml.MulticlassClassification.Trainers, ""), HostAccess.Environment(ml.BinaryClassification.Trainers, ""),
            HostAccess.Environment(ml.Regression.Trainers, ""), HostAccess.Environment(ml.Transforms, ""),
        ];
        foreach (var environment in environments)
        {
            lines.Clear();
            using (var channel = environment.Register("Test").Start("Channel"))
                channel.Info(MessageSensitivity.None, "{0}", "a line");
            CollectionAssert.Contains(lines, "a line");
        }
    }

    [TestMethod]
    public void A_member_that_is_gone_is_an_error_that_points_to_the_constructor()
    {
        var catalog = new MLContext().MulticlassClassification.Trainers;
        var error = Assert.ThrowsExactly<NotSupportedException>(() => HostAccess.Reach(() => Renamed(catalog), nameof(DeepNetworkMulticlassTrainer)));
        StringAssert.Contains(error.Message, "Write new DeepNetworkMulticlassTrainer(mlContext, options) instead.");
        Assert.IsInstanceOfType<MissingMethodException>(error.InnerException);
    }

    [TestMethod]
    [DataRow(typeof(DeepNetworkMulticlassTrainer))]
    [DataRow(typeof(DeepNetworkBinaryTrainer))]
    [DataRow(typeof(DeepNetworkRegressionTrainer))]
    [DataRow(typeof(DeepAutoencoderEstimator))]
    public void The_constructor_that_the_error_names_takes_a_context(Type estimator)
    {
        var options = Activator.CreateInstance(estimator.GetNestedType("Options")!);
        Assert.IsNotNull(Activator.CreateInstance(estimator, new MLContext(), options));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_OwnerOfAnotherName")]
    private static extern IHostEnvironment Renamed(TrainCatalogBase.CatalogInstantiatorBase catalog);
}
