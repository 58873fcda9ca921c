using Microsoft.ML.GradientStability;

namespace Microsoft.ML;

/// <summary>The deep-network trainers on ML.NET's catalogs.</summary>
public static class DeepNetworkCatalog
{
    /// <summary>A deep autoencoder: an embedding of features and a reconstruction error, learnt without labels.</summary>
    /// <param name="catalog">The transforms of <c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The column of the embedding. Default <c>Embedding</c>.</param>
    /// <param name="featureColumnName">The feature column, a vector of Single of known size. Default <c>Features</c>.</param>
    /// <param name="embeddingSize">Slots of the embedding, at least 1. Default 8.</param>
    /// <returns>An estimator to append to a pipeline.</returns>
    public static DeepAutoencoderEstimator DeepAutoencoder(
        this TransformsCatalog catalog, string outputColumnName = "Embedding", string featureColumnName = "Features", int embeddingSize = 8) =>
        catalog.DeepAutoencoder(new DeepAutoencoderEstimator.Options
        {
            OutputColumnName = Check.Name(outputColumnName, nameof(outputColumnName)),
            FeatureColumnName = Check.Name(featureColumnName, nameof(featureColumnName)),
            EmbeddingSize = Check.AtLeast(embeddingSize, 1, nameof(embeddingSize)),
        });

    /// <summary>A deep autoencoder.</summary>
    /// <param name="catalog">The transforms of <c>mlContext.Transforms</c>.</param>
    /// <param name="options">What differs from the defaults; copied, later changes have no effect.</param>
    /// <returns>An estimator to append to a pipeline.</returns>
    public static DeepAutoencoderEstimator DeepAutoencoder(this TransformsCatalog catalog, DeepAutoencoderEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new DeepAutoencoderEstimator(HostAccess.Environment(catalog, nameof(DeepAutoencoderEstimator)), options);
    }

    /// <summary>A deep network for classification into two or more classes, with default options.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="labelColumnName">The label column, of a key type. Default <c>Label</c>.</param>
    /// <param name="featureColumnName">The feature column, a vector of Single of known size. Default <c>Features</c>.</param>
    /// <returns>An estimator to append to a pipeline.</returns>
    public static DeepNetworkMulticlassTrainer DeepNetwork(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features") =>
        catalog.DeepNetwork(new DeepNetworkMulticlassTrainer.Options
        {
            LabelColumnName = Check.Name(labelColumnName, nameof(labelColumnName)),
            FeatureColumnName = Check.Name(featureColumnName, nameof(featureColumnName)),
        });

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

    /// <summary>A deep network for the class of every step of a sequence, with default options.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="labelColumnName">The label column, a vector of keys, one a step. Default <c>Label</c>.</param>
    /// <param name="featureColumnName">The feature column, of sequences. Default <c>Features</c>.</param>
    /// <returns>An estimator to append to a pipeline.</returns>
    public static DeepSequenceMulticlassTrainer DeepSequence(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features") =>
        catalog.DeepSequence(new DeepSequenceMulticlassTrainer.Options
        {
            LabelColumnName = Check.Name(labelColumnName, nameof(labelColumnName)),
            FeatureColumnName = Check.Name(featureColumnName, nameof(featureColumnName)),
        });

    /// <summary>A deep network for the class of every step of a sequence.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="options">What differs from the defaults; copied, later changes have no effect.</param>
    /// <returns>An estimator to append to a pipeline.</returns>
    public static DeepSequenceMulticlassTrainer DeepSequence(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, DeepSequenceMulticlassTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new DeepSequenceMulticlassTrainer(HostAccess.Environment(catalog, nameof(DeepSequenceMulticlassTrainer)), options);
    }

    /// <summary>A deep network for a number for every step of a sequence, with default options.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.Regression</c>.</param>
    /// <param name="labelColumnName">The label column, a vector of Single, one a step. Default <c>Label</c>.</param>
    /// <param name="featureColumnName">The feature column, of sequences. Default <c>Features</c>.</param>
    /// <returns>An estimator to append to a pipeline.</returns>
    public static DeepSequenceRegressionTrainer DeepSequence(
        this RegressionCatalog.RegressionTrainers catalog, string labelColumnName = "Label", string featureColumnName = "Features") =>
        catalog.DeepSequence(new DeepSequenceRegressionTrainer.Options
        {
            LabelColumnName = Check.Name(labelColumnName, nameof(labelColumnName)),
            FeatureColumnName = Check.Name(featureColumnName, nameof(featureColumnName)),
        });

    /// <summary>A deep network for a number for every step of a sequence.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.Regression</c>.</param>
    /// <param name="options">What differs from the defaults; copied, later changes have no effect.</param>
    /// <returns>An estimator to append to a pipeline.</returns>
    public static DeepSequenceRegressionTrainer DeepSequence(this RegressionCatalog.RegressionTrainers catalog, DeepSequenceRegressionTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new DeepSequenceRegressionTrainer(HostAccess.Environment(catalog, nameof(DeepSequenceRegressionTrainer)), options);
    }

    /// <summary>A deep network for telling yes from no, with default options.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.BinaryClassification</c>.</param>
    /// <param name="labelColumnName">The label column, Boolean. Default <c>Label</c>.</param>
    /// <param name="featureColumnName">The feature column, a vector of Single of known size. Default <c>Features</c>.</param>
    /// <returns>An estimator to append to a pipeline.</returns>
    public static DeepNetworkBinaryTrainer DeepNetwork(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features") =>
        catalog.DeepNetwork(new DeepNetworkBinaryTrainer.Options
        {
            LabelColumnName = Check.Name(labelColumnName, nameof(labelColumnName)),
            FeatureColumnName = Check.Name(featureColumnName, nameof(featureColumnName)),
        });

    /// <summary>A deep network for telling yes from no.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.BinaryClassification</c>.</param>
    /// <param name="options">What differs from the defaults; copied, later changes have no effect.</param>
    /// <returns>An estimator to append to a pipeline.</returns>
    public static DeepNetworkBinaryTrainer DeepNetwork(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, DeepNetworkBinaryTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new DeepNetworkBinaryTrainer(HostAccess.Environment(catalog, nameof(DeepNetworkBinaryTrainer)), options);
    }

    /// <summary>A deep network for predicting a number, with default options.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.Regression</c>.</param>
    /// <param name="labelColumnName">The label column, Single. Default <c>Label</c>.</param>
    /// <param name="featureColumnName">The feature column, a vector of Single of known size. Default <c>Features</c>.</param>
    /// <returns>An estimator to append to a pipeline.</returns>
    public static DeepNetworkRegressionTrainer DeepNetwork(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features") =>
        catalog.DeepNetwork(new DeepNetworkRegressionTrainer.Options
        {
            LabelColumnName = Check.Name(labelColumnName, nameof(labelColumnName)),
            FeatureColumnName = Check.Name(featureColumnName, nameof(featureColumnName)),
        });

    /// <summary>A deep network for predicting a number.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.Regression</c>.</param>
    /// <param name="options">What differs from the defaults; copied, later changes have no effect.</param>
    /// <returns>An estimator to append to a pipeline.</returns>
    public static DeepNetworkRegressionTrainer DeepNetwork(
        this RegressionCatalog.RegressionTrainers catalog, DeepNetworkRegressionTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new DeepNetworkRegressionTrainer(HostAccess.Environment(catalog, nameof(DeepNetworkRegressionTrainer)), options);
    }
}
