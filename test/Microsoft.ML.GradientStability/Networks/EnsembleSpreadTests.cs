using Microsoft.ML.Data;
using TorchSharp;

namespace Microsoft.ML.GradientStability.Tests.Networks;

/// <summary>How far the members of an ensemble are apart, as a column.</summary>
[TestClass]
public sealed class EnsembleSpreadTests
{
    private const string Spread = "Uncertainty";

    private readonly MLContext _ml = new(seed: 1);

    public static IEnumerable<object[]> Tasks() => EveryTask.All();

    /// <summary>A fit holds ONNX Runtime against LibTorch by itself.</summary>
    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void It_is_the_deviation_of_what_members_predict(string task)
    {
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        using var model = Fit(task, data);
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        using var module = model.Model.CreateModule(model.Objective);
        module.eval();
        var ofMembers = module.forward(torch.tensor(EveryTask.Rows().SelectMany(row => row.Features).ToArray(), [200, 3]));
        var predictions = task switch
        {
            EveryTask.Binary => ofMembers.sigmoid(),
            EveryTask.Multiclass => torch.nn.functional.softmax(ofMembers, 2),
            _ => ofMembers * PreviousNetwork.Find(model, model.Objective).Number("target.deviation"),
        };
        var members = Enumerable.Range(0, 3).Select(member => predictions[member].data<float>().ToArray()).ToArray();
        float[] expected = [.. members[0].Select((_, i) => (float)Deviation(members.Select(member => (double)member[i]).ToArray()))];
        EveryTask.AreClose(expected, Values(model.Transform(data)), 1e-4 * expected.Max());
        Assert.IsGreaterThan(0, expected.Min());

        static double Deviation(double[] values) => Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1));
    }

    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void It_is_part_of_the_model(string task)
    {
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        using var model = Fit(task, data);
        var scored = model.Transform(data);
        Assert.AreEqual(Spread, scored.Schema[^1].Name);
        Assert.AreEqual(task == EveryTask.Multiclass ? scored.Schema["Score"].Type : NumberDataViewType.Single, scored.Schema[Spread].Type);
        var loaded = EveryTask.SaveAndLoad(model, data.Schema).Transform(data);
        Assert.AreEqual(loaded.Schema["Score"].Type, loaded.Schema[Spread].Type);
        EveryTask.AreClose(Values(scored), Values(loaded), 1e-6);
        using var further = EveryTask.Fit(_ml, task, data, o => (o.Network, o.SpreadColumnName, o.Epochs) = (s_network, Spread, 1), model);
        Assert.IsGreaterThan(0, Values(further.Transform(data)).Min());
    }

    [TestMethod]
    public void It_grows_where_there_were_no_rows()
    {
        using var model = Fit(EveryTask.Regression, EveryTask.Load(_ml, EveryTask.Rows()));
        var near = Values(model.Transform(EveryTask.Load(_ml, EveryTask.Rows(seed: 6)))).Average();
        var far = Values(model.Transform(EveryTask.Load(_ml, EveryTask.Rows(seed: 6).Select(row => new EveryTask.Row { Features = [.. row.Features.Select(x => 4 * x)] })))).Average();
        Assert.IsGreaterThan(1.5 * near, far);
    }

    [TestMethod]
    public void A_row_with_NaN_has_none()
    {
        using var model = Fit(EveryTask.Binary, EveryTask.Load(_ml, EveryTask.Rows()));
        Assert.IsTrue(float.IsNaN(Values(model.Transform(EveryTask.Load(_ml, [new EveryTask.Row { Features = [0, float.NaN, 0] }]))).Single()));
    }

    [TestMethod]
    public void Without_an_ensemble_there_is_none()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => EveryTask.Fit(_ml, EveryTask.Binary, EveryTask.Load(_ml, EveryTask.Rows()), o => o.SpreadColumnName = Spread));
        StringAssert.Contains(error.Message, "SpreadColumnName is 'Uncertainty', and for 200 rows the network, 16 Relu, normalization Layer, is no ensemble");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EveryTask.Fit(_ml, EveryTask.Binary, EveryTask.Load(_ml, EveryTask.Rows()), o => o.SpreadColumnName = "Score"));
    }

    [TestMethod]
    public void The_shape_before_a_fit_is_that_of_the_scores()
    {
        var options = EveryTask.Options<DeepNetworkRegressionTrainer.Options>(nameof(EveryTask.Row.Number), o => o.SpreadColumnName = Spread);
        var shape = _ml.Regression.Trainers.DeepNetwork(options).GetOutputSchema(EveryTask.ShapeOf<EveryTask.Row>());
        Assert.IsTrue(shape.Any(column => column.Name == Spread && column.ItemType == NumberDataViewType.Single));
    }

    private static readonly FeedForwardNetwork s_network = Network.FeedForward(16, 12) with { Ensemble = 3 };

    private DeepNetworkTransformer Fit(string task, IDataView data) => EveryTask.Fit(_ml, task, data, o => (o.Network, o.SpreadColumnName) = (s_network, Spread));

    private static float[] Values(IDataView scored) => scored.Schema[Spread].Type is VectorDataViewType
        ? [.. scored.GetColumn<float[]>(Spread).SelectMany(values => values)]
        : [.. scored.GetColumn<float>(Spread)];
}
