using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Advice;

/// <summary>What an error about rows or models says to do is done, and then it works.</summary>
[TestClass]
public sealed class RowAndModelAdviceTests
{
    private static readonly MLContext mlContext = new(seed: 1);

    private static IDataView Data => EveryTask.Load(mlContext, EveryTask.Rows(40));

    [TestMethod]
    public void Rows_without_a_label_are_removed()
    {
        var numbers = Tables.OfLabels([1, float.NaN, 2]);
        Assert.Contains("Remove such rows", Assert.ThrowsExactly<InvalidOperationException>(() => Tables.Trainer(EveryTask.Regression).Fit(numbers)).Message);
        Tables.Trainer(EveryTask.Regression).Fit(mlContext.Data.FilterRowsByMissingValues(numbers, "Label"));

        // A row object has no key beyond the count.
        var keys = Tables.OfLabels<uint>([0, 1, 9], new KeyDataViewType(typeof(uint), 2));
        Assert.Contains("Remove such rows", Assert.ThrowsExactly<InvalidOperationException>(() => Tables.Trainer(EveryTask.Multiclass).Fit(keys)).Message);
        Tables.Trainer(EveryTask.Multiclass).Fit(mlContext.Data.FilterRowsByMissingValues(keys, "Label"));
    }

    [TestMethod]
    public void A_model_that_a_trainer_fitted_or_one_loaded_from_its_file_is_passed()
    {
        var transform = mlContext.Transforms.CopyColumns("Copy", "Features").Fit(Data);
        const string advice = "Pass a model that a DeepNetwork trainer fitted, or one loaded from its file";
        Assert.Contains(advice, Assert.ThrowsExactly<InvalidOperationException>(() => EveryTask.Fit(mlContext, EveryTask.Binary, Data, previous: transform)).Message);
        Assert.Contains(advice, Assert.ThrowsExactly<InvalidOperationException>(() => transform.GetDeepNetworkOptions()).Message);
        using var fitted = EveryTask.Fit(mlContext, EveryTask.Binary, Data, o => o.Epochs = 1);
        foreach (var model in new[] { fitted, EveryTask.SaveAndLoad(fitted, Data.Schema) })
        {
            EveryTask.Fit(mlContext, EveryTask.Binary, Data, o => o.Epochs = 1, model).Dispose();
            Assert.AreEqual(1, model.GetDeepNetworkOptions().Epochs);
        }
    }

    [TestMethod]
    public void A_model_of_the_same_form_is_gone_on_from()
    {
        using var fitted = EveryTask.Fit(mlContext, EveryTask.Binary, Data, o => o.Epochs = 1);
        Action<SupervisedOptions> other = o => (o.Network, o.StandardizeFeatures, o.Epochs) = (Network.FeedForward(9), false, 1);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => EveryTask.Fit(mlContext, EveryTask.Binary, Data, other, fitted));
        Assert.Contains("Use the same task, Network and StandardizeFeatures options", error.Message);
        var options = fitted.GetDeepNetworkOptions();
        EveryTask.Fit(mlContext, EveryTask.Binary, Data, other + (o => (o.Network, o.StandardizeFeatures) = (options.Network, options.StandardizeFeatures)), fitted).Dispose();
    }

    [TestMethod]
    public void A_validation_set_is_prepared_by_the_same_fitted_transforms()
    {
        var (train, held) = (mlContext.Data.LoadFromEnumerable(Samples.Clusters()), mlContext.Data.LoadFromEnumerable(Samples.Clusters(seed: 9).Reverse()));
        var prepare = mlContext.Transforms.Conversion.MapValueToKey("Label");
        var options = Samples.Small();
        options.ValidationSet = prepare.Fit(held).Transform(held);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => mlContext.MulticlassClassification.Trainers.DeepNetwork(options).Fit(prepare.Fit(train).Transform(train)));
        Assert.Contains("Prepare it by the same fitted transforms as the training data", error.Message);
        options.ValidationSet = prepare.Fit(train).Transform(held);
        mlContext.MulticlassClassification.Trainers.DeepNetwork(options).Fit(prepare.Fit(train).Transform(train)).Dispose();
    }
}
