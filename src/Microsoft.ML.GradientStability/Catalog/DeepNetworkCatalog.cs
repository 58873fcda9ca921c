using Microsoft.ML.GradientStability;

namespace Microsoft.ML;

/// <summary>The deep-network trainers on ML.NET's catalogs.</summary>
public static class DeepNetworkCatalog
{
    /// <summary>A deep network for classification into two or more classes, with default options.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="labelColumnName">The label column, of a key type. Default <c>Label</c>.</param>
    /// <param name="featureColumnName">The feature column, a vector of Single of known size. Default <c>Features</c>.</param>
    /// <returns>An estimator to append to a pipeline.</returns>
    public static DeepNetworkMulticlassTrainer DeepNetwork(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features") =>
        catalog.DeepNetwork(new DeepNetworkMulticlassTrainer.Options { LabelColumnName = labelColumnName, FeatureColumnName = featureColumnName });

    /// <summary>A deep network for classification into two or more classes.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="options">What differs from the defaults; copied, later changes have no effect.</param>
    /// <returns>An estimator to append to a pipeline.</returns>
    public static DeepNetworkMulticlassTrainer DeepNetwork(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, DeepNetworkMulticlassTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new DeepNetworkMulticlassTrainer(HostAccess.Environment(catalog, nameof(DeepNetworkMulticlassTrainer)), options);
    }
}
