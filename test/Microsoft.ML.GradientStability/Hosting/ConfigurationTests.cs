using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Microsoft.ML.GradientStability.Tests.Hosting;

/// <summary>Options from a configuration, which knows text alone.</summary>
[TestClass]
public sealed class ConfigurationTests
{
    private static IConfiguration Json(string json) => new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

    private static DeepNetworkMulticlassTrainer.Options Read(string json) => Json(json).GetDeepNetworkOptions<DeepNetworkMulticlassTrainer.Options>();

    [TestMethod]
    public void All_that_ToJson_writes_comes_back()
    {
        var options = new DeepNetworkMulticlassTrainer.Options
        {
            Network = Network.FeedForward(64, 32) with { Activation = Activation.LeakyRelu(0.2), Normalization = Normalization.Batch, Residual = Residual.Projection, Dropout = 0.25 },
            Clipping = GradientClipper.ZClip(), Optimizer = Optimizer.Sgd(0.05), Regularization = [Regularizer.L1(1e-5), Regularizer.MaxNorm(3)],
            ClassWeights = [1, 2.5], LabelColumnName = "42", CentralizeGradients = true, Epochs = 7, EarlyStopping = EarlyStopping.After(3), Seed = -5, EmaDecay = 0.99,
        };
        Assert.AreEqual(options.ToJson(), Read(options.ToJson()).ToJson());
        foreach (var task in new DeepNetworkOptions[] { new DeepNetworkMulticlassTrainer.Options { Epochs = 3 }, new DeepNetworkMulticlassTrainer.Options() })
            Assert.AreEqual(task.ToJson(), Read(task.ToJson()).ToJson());
    }

    [TestMethod]
    public void Names_of_strategies_alone_and_any_case_will_do()
    {
        var options = Read("""{ "optimizer": "AdamW", "Clipping": { "$type": "Norm", "maxnorm": "0.5" }, "NETWORK": { "$type": "FeedForward", "HiddenUnits": [8, 4] } }""");
        Assert.IsInstanceOfType<DeepNetworkMulticlassTrainer.Options>(options);
        Assert.AreEqual("AdamW", JsonDocument.Parse(options.ToJson()).RootElement.GetProperty("Optimizer").GetProperty("$type").GetString());
        Assert.AreEqual(GradientClipper.Norm(0.5), options.Clipping);
        CollectionAssert.AreEqual(new[] { 8, 4 }, ((FeedForwardNetwork)options.Network).HiddenUnits.ToArray());
    }

    [TestMethod]
    public void One_source_overrides_another()
    {
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream("""{ "Training": { "Epochs": 5, "Seed": 1 } }"""u8.ToArray()))
            .AddInMemoryCollection([new("Training:Epochs", "9")]).Build();
        var options = configuration.GetSection("Training").GetDeepNetworkOptions<DeepNetworkRegressionTrainer.Options>();
        Assert.AreEqual((9, 1), (options.Epochs!.Value, options.Seed!.Value));
        Assert.AreEqual(new DeepNetworkRegressionTrainer.Options().ToJson(), configuration.GetSection("Nothing").GetDeepNetworkOptions<DeepNetworkRegressionTrainer.Options>().ToJson());
    }

    [TestMethod]
    [DataRow("""{ "Epoch": 5 }""", "There is no option 'Epoch' at $.")]
    [DataRow("""{ "Optimizer": "Adamm" }""", "The $type at $.Optimizer is \"Adamm\"")]
    [DataRow("""{ "Epochs": "many" }""", "$.Epochs is 'many'. It is a number")]
    [DataRow("""{ "Shuffle": "maybe" }""", "$.Shuffle is 'maybe'. It is true or false.")]
    [DataRow("""{ "Threads": 2 }""", "'Threads' at $ belongs to one run and not to a model")]
    public void What_is_not_there_is_refused_by_its_place(string json, string says) => StringAssert.Contains(Assert.ThrowsExactly<JsonException>(() => Read(json)).Message, says);

    [TestMethod]
    public void A_value_out_of_range_is_refused() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Read("""{ "Epochs": 0 }"""));

    [TestMethod]
    public void Null_is_refused() => Assert.ThrowsExactly<ArgumentNullException>(() => ((IConfiguration)null!).GetDeepNetworkOptions<DeepNetworkMulticlassTrainer.Options>());
}
