using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests.Chains;

[TestClass]
public sealed class ChainTests
{
    private readonly MLContext _context = new(seed: 1);

    internal sealed class Point
    {
        public float Value { get; set; }
    }

    private IDataView Data => _context.Data.LoadFromEnumerable([new Point { Value = 1 }, new Point { Value = 2 }]);

    [TestMethod]
    public void An_external_estimator_stands_in_a_chain()
    {
        var estimator = new DoublingEstimator(_context);
        var model = _context.Transforms.CopyColumns("Copy", "Value").Append(estimator).Append(_context.Transforms.Concatenate("Both", "Copy", "Twice")).Fit(Data);
        var result = model.Transform(Data);

        Assert.AreEqual(1, estimator.SchemaCalls, "Fit checks the schema before it trains");
        CollectionAssert.AreEqual(new[] { 2f, 4f }, result.Rows<float>("Both")[1]);
        CollectionAssert.AreEqual(new[] { "Value", "Copy", "Twice", "Both" }, model.GetOutputSchema(Data.Schema).Select(c => c.Name).ToArray());
        Assert.AreEqual(3, model.Count());
        Assert.IsInstanceOfType<DoublingTransformer>(model.ElementAt(1));
    }

    [TestMethod]
    public void A_chain_maps_rows()
    {
        ITransformer model = _context.Transforms.CopyColumns("Copy", "Value").Append(new DoublingEstimator(_context)).Fit(Data);
        Assert.IsTrue(model.IsRowToRowMapper);
        var mapper = model.GetRowToRowMapper(Data.Schema);
        CollectionAssert.AreEqual(new[] { "Value", "Copy", "Twice" }, mapper.OutputSchema.Select(c => c.Name).ToArray());

        var data = Data;
        using var cursor = data.GetRowCursor(mapper.GetDependencies([mapper.OutputSchema["Twice"]]));
        mapper = model.GetRowToRowMapper(data.Schema);
        using var row = mapper.GetRow(cursor, [mapper.OutputSchema["Twice"]]);
        var getter = row.GetGetter<float>(mapper.OutputSchema["Twice"]);
        var value = 0f;
        Assert.IsTrue(cursor.MoveNext());
        getter(ref value);
        Assert.AreEqual(2f, value);
        Assert.AreEqual(0, row.Position);
    }

    [TestMethod]
    public void A_mistake_in_the_schema_shows_before_training()
    {
        var chain = _context.Transforms.DropColumns("Value").Append(new DoublingEstimator(_context));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Fit(Data));
    }

    [TestMethod]
    public void Links_out_of_scope_are_left_out()
    {
        var chain = new EstimatorChain<ITransformer>()
            .Append(_context.Transforms.CopyColumns("Training", "Value"), TransformerScope.TrainTest)
            .Append(_context.Transforms.CopyColumns("Always", "Value"));
        var model = chain.Fit(Data);
        Assert.IsNull(model.Transform(Data).Schema.GetColumnOrNull("Training"));
        Assert.IsNotNull(model.Transform(Data, TransformerScope.Training).Schema.GetColumnOrNull("Training"));
        Assert.AreEqual(1, model.GetModelFor(TransformerScope.Scoring).Count());
        Assert.AreEqual(2, model.Count());
    }

    [TestMethod]
    public void Transformers_can_be_appended()
    {
        ITransformer first = _context.Transforms.CopyColumns("Copy", "Value").Fit(Data);
        var chain = first.Append(new DoublingTransformer(_context));
        Assert.IsInstanceOfType<DoublingTransformer>(chain.LastTransformer);
        CollectionAssert.AreEqual(new[] { 2f, 4f }, chain.Transform(Data).Scalars<float>("Twice"));
        Assert.AreEqual(3, chain.Append(first).Count());
    }

    [TestMethod]
    public void Disposing_a_chain_disposes_its_links()
    {
        var link = new DoublingTransformer(_context);
        var chain = new TransformerChain<ITransformer>(link);
        chain.Dispose();
        chain.Dispose();
        Assert.IsTrue(link.IsDisposed);
    }

    [TestMethod]
    public void An_empty_chain_changes_nothing()
    {
        ITransformer chain = new TransformerChain<ITransformer>();
        Assert.IsTrue(chain.IsRowToRowMapper);
        Assert.AreEqual(1, chain.GetOutputSchema(Data.Schema).Count);
        CollectionAssert.AreEqual(new[] { 1f, 2f }, chain.Transform(Data).Scalars<float>("Value"));
    }

    [TestMethod]
    public void A_mapped_column_hides_the_one_of_its_name_and_stands_beside_it()
    {
        var result = _context.Transforms.CopyColumns("Other", "Value").Append(_context.Transforms.Concatenate("Value", "Value", "Other")).Fit(Data).Transform(Data);
        CollectionAssert.AreEqual(new[] { "Value", "Value", "Other" }, result.Schema.Select(c => c.Name).ToArray());
        Assert.IsTrue(result.Schema[0].IsHidden);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 2), result.Schema["Value"].Type);
    }
}
