using TorchSharp;

namespace Microsoft.ML.GradientStability.Tests.Networks;

/// <summary>Members that share their hidden layers: how they learn, what they predict together, and what becomes of them in a file.</summary>
[TestClass]
public sealed class EnsembleTests
{
    private static readonly FeedForwardNetwork s_network = Network.FeedForward(16, 12) with { Ensemble = 3, Encoding = InputEncoding.PiecewiseLinear(4, 1), Dropout = 0.1 };

    private readonly MLContext _ml = new(seed: 1);

    public static IEnumerable<object[]> Tasks() => [[EveryTask.Binary], [EveryTask.Multiclass], [EveryTask.Regression]];

    /// <summary>A fit holds ONNX Runtime against LibTorch by itself; here also what is saved, loaded, and trained on.</summary>
    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void It_is_part_of_the_model(string task)
    {
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        Action<SupervisedOptions> change = o => (o.Network, o.Epochs) = (s_network, 3);
        using var model = EveryTask.Fit(_ml, task, data, change);
        var loaded = EveryTask.SaveAndLoad(model, data.Schema);
        EveryTask.AreClose(EveryTask.Scores(model, data), EveryTask.Scores(loaded, data), 1e-5);
        EveryTask.IsTakenUp(model, loaded);
        using var further = EveryTask.Fit(_ml, task, data, o => (o.Network, o.Epochs) = (s_network with { Ensemble = null }, 1), loaded);
        Assert.AreEqual(3, ((FeedForwardNetwork)further.Model.Network).Ensemble, "by rows, there would be four");
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => EveryTask.Fit(_ml, task, data, o => o.Network = s_network with { Ensemble = 2 }, loaded));
        StringAssert.Contains(error.Message, "its Ensemble is 3, not 2");
    }

    /// <summary>Probabilities, and numbers, are the mean of those that each member gives alone.</summary>
    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void Members_predict_their_mean(string task)
    {
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        using var model = EveryTask.Fit(_ml, task, data, o => (o.Network, o.Epochs) = (s_network, 3));
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        using var module = model.Model.CreateModule(model.Objective);
        module.eval();
        var rows = torch.rand(50, 3, device: torch.CPU) * 4 - 2;
        var ofMembers = module.forward(rows);
        CollectionAssert.AreEqual(new long[] { 3, 50, task == EveryTask.Multiclass ? 3 : 1 }, ofMembers.shape);
        var scores = model.Objective.Scores(module, rows).ToDictionary(score => score.Output, score => score.Values);
        var (expected, actual) = task switch
        {
            EveryTask.Binary => (ofMembers.sigmoid().mean([0]), scores["Probability"]),
            EveryTask.Multiclass => (torch.nn.functional.softmax(ofMembers, 2).mean([0]), scores["Score"]),
            _ => (torch.stack(Enumerable.Range(0, 3).Select(m => Alone(m)).ToArray()).mean([0]), scores["Score"]),
        };
        EveryTask.AreClose(expected.data<float>().ToArray(), actual.data<float>().ToArray(), 1e-5);
        Assert.IsGreaterThan(1e-3, ofMembers.std(0).mean().item<float>(), "members that say the same are one");

        torch.Tensor Alone(int member) => scores["Score"] + (ofMembers[member] - ofMembers.mean([0])) * PreviousNetwork.Find(model, model.Objective).Number("target.deviation");
    }

    [TestMethod]
    public void A_step_follows_the_mean_of_the_members_losses()
    {
        var objective = new BinaryObjective(positiveWeight: 1, positiveShare: 0.5);
        using var scope = torch.NewDisposeScope();
        using var module = objective.CreateModule(s_network with { Encoding = InputEncoding.None }, 4, Initializer.HeUniform, seed: 1);
        module.eval();
        var (features, targets) = (torch.rand(10, 4, device: torch.CPU), (torch.rand(10, device: torch.CPU) > 0.5).to(torch.float32));
        var weights = torch.rand(10, device: torch.CPU);
        var outputs = module.forward(features);
        var alone = Enumerable.Range(0, 3).Average(member => objective.Loss(outputs[member], targets, weights).item<float>());
        Assert.AreEqual(alone, objective.Loss(module, new Batch(features, targets, weights)).item<float>(), 1e-6);
    }

    [TestMethod]
    [DataRow(200, false, 4)]
    [DataRow(1500, false, 4)]
    [DataRow(2121, false, 2)]
    [DataRow(3000, false, 1)]
    [DataRow(200, true, 1)]
    public void By_rows_the_fewer_the_more_members(int rows, bool areSparse, int members) =>
        Assert.AreEqual(members, ((FeedForwardNetwork)(s_network with { Ensemble = null }).For(rows, areSparse, new ColumnShape("Features", [4], 0), previous: null)).Ensemble);

    [TestMethod]
    public void An_autoencoder_is_none()
    {
        var options = new DeepAutoencoderEstimator.Options { Network = s_network };
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.DeepAutoencoder(options));
        StringAssert.Contains(error.Message, "set Ensemble to 1");
        options.Network = s_network with { Ensemble = 1 };
        _ml.Transforms.DeepAutoencoder(options);
    }
}
