using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests;

/// <summary>Data of columns of any type, for tests of what a trainer takes.</summary>
internal static class Tables
{
    public sealed class Row<TFeatures, TLabel>
    {
        public TFeatures Features { get; set; } = default!;

        public TLabel Label { get; set; } = default!;
    }

    /// <summary>Features and labels in turn, so often that a network can be trained on them.</summary>
    /// <param name="features">The features of a row; in turn.</param>
    /// <param name="labels">The label of a row; in turn.</param>
    /// <param name="featureType">Where the members' type does not say it: a size, or a key.</param>
    /// <param name="labelType">The same of the label.</param>
    /// <param name="rows">How many.</param>
    public static IDataView Of<TFeatures, TLabel>(TFeatures[] features, TLabel[] labels, DataViewType? featureType = null, DataViewType? labelType = null, int rows = 12)
    {
        var schema = SchemaDefinition.Create(typeof(Row<TFeatures, TLabel>));
        schema["Features"].ColumnType = featureType ?? schema["Features"].ColumnType;
        schema["Label"].ColumnType = labelType ?? schema["Label"].ColumnType;
        return new MLContext(seed: 1).Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(i => new Row<TFeatures, TLabel>
        {
            Features = features[i % features.Length],
            Label = labels[i % labels.Length],
        }).ToArray(), schema);
    }

    public static VectorDataViewType Vector(PrimitiveDataViewType item, int size = 2) => new(item, size);

    /// <summary>Single features of size 2.</summary>
    public static IDataView OfLabels<TLabel>(TLabel[] labels, DataViewType? labelType = null) =>
        Of<float[], TLabel>([[1, 2], [3, 5], [-1, 0.5f]], labels, Vector(NumberDataViewType.Single), labelType);

    /// <summary>Two classes.</summary>
    public static IDataView OfFeatures<TFeatures>(TFeatures[] features, DataViewType? featureType = null) =>
        Of(features, new uint[] { 0, 1 }, featureType, new KeyDataViewType(typeof(uint), 2));

    /// <summary>A trainer of a task for such data, that takes a blink.</summary>
    public static IEstimator<ITransformer> Trainer(string task, Action<SupervisedOptions>? change = null)
    {
        var ml = new MLContext(seed: 1);
        return task switch
        {
            EveryTask.Binary => ml.BinaryClassification.Trainers.DeepNetwork(Options<DeepNetworkBinaryTrainer.Options>(change)),
            EveryTask.Multiclass => ml.MulticlassClassification.Trainers.DeepNetwork(Options<DeepNetworkMulticlassTrainer.Options>(change)),
            _ => ml.Regression.Trainers.DeepNetwork(Options<DeepNetworkRegressionTrainer.Options>(change)),
        };
    }

    private static T Options<T>(Action<SupervisedOptions>? change) where T : SupervisedOptions, new() => EveryTask.Options<T>("Label", options =>
    {
        (options.Network, options.Epochs) = (Network.FeedForward(4), 1);
        change?.Invoke(options);
    });
}
