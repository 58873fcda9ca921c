using GradientStability.Polyfills.MLNet.Tests.Chains;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests.Operations;

[TestClass]
public sealed class PredictionEngineTests
{
    private readonly MLContext _context = new(seed: 1);

    private sealed class Input
    {
        public float Value { get; set; }

        public string? Text { get; set; }
    }

    private sealed class Output
    {
        public float Twice { get; set; }

        public float[]? Both { get; set; }

        public string? Text { get; set; }

        public float Unknown { get; set; }
    }

    private TransformerChain<ColumnConcatenatingTransformer> Model
    {
        get
        {
            var data = _context.Data.LoadFromEnumerable(Array.Empty<Input>());
            return new DoublingEstimator(_context).Append(_context.Transforms.Concatenate("Both", "Value", "Twice")).Fit(data);
        }
    }

    [TestMethod]
    public void One_row_is_predicted_at_a_time()
    {
        using var engine = _context.Model.CreatePredictionEngine<Input, Output>(Model);
        var first = engine.Predict(new Input { Value = 3, Text = "x" });
        Assert.AreEqual(6f, first.Twice);
        CollectionAssert.AreEqual(new[] { 3f, 6f }, first.Both);
        Assert.AreEqual("x", first.Text);
        var second = engine.Predict(new Input { Value = 5 });
        Assert.AreEqual(10f, second.Twice);
        CollectionAssert.AreEqual(new[] { 3f, 6f }, first.Both, "an earlier prediction stays as it is");
        Assert.IsNotNull(engine.OutputSchema.GetColumnOrNull("Both"));
    }

    [TestMethod]
    public void A_prediction_can_be_filled_anew()
    {
        using var engine = _context.Model.CreatePredictionEngine<Input, Output>(Model);
        var prediction = new Output();
        engine.Predict(new Input { Value = 1 }, ref prediction);
        var both = prediction.Both;
        engine.Predict(new Input { Value = 2 }, ref prediction);
        Assert.AreSame(both, prediction.Both);
        CollectionAssert.AreEqual(new[] { 2f, 4f }, both);
    }

    [TestMethod]
    public void Missing_columns_are_errors_when_not_ignored()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.Model.CreatePredictionEngine<Input, Output>(Model, ignoreMissingColumns: false));
    }

    private sealed class WrongInput
    {
        public float Other { get; set; }
    }

    private sealed class WrongOutput
    {
        public int Twice { get; set; }
    }

    [TestMethod]
    public void Inputs_and_outputs_must_fit_the_model()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Model.CreatePredictionEngine<WrongInput, Output>(
            _context.Transforms.CopyColumns("Twice", "Value").Fit(_context.Data.LoadFromEnumerable(Array.Empty<Input>()))));
        Assert.ThrowsExactly<InvalidOperationException>(() => _context.Model.CreatePredictionEngine<Input, WrongOutput>(Model));
        using var engine = _context.Model.CreatePredictionEngine<Input, Output>(Model);
        Assert.ThrowsExactly<ArgumentNullException>(() => engine.Predict(null!));
    }

    [TestMethod]
    public void A_schema_gives_the_input_its_types()
    {
        var definition = SchemaDefinition.Create(typeof(Vector));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        var data = _context.Data.LoadFromEnumerable(Array.Empty<Vector>(), definition);
        var model = _context.Transforms.CopyColumns("Copy", "Features").Fit(data);
        using var engine = _context.Model.CreatePredictionEngine<Vector, Copied>(model, data.Schema);
        Assert.AreEqual(2, ((VectorDataViewType)engine.OutputSchema["Copy"].Type).Size);
        CollectionAssert.AreEqual(new[] { 7f, 8f }, engine.Predict(new Vector { Features = [7, 8] }).Copy);
    }

    private sealed class Vector
    {
        public float[]? Features { get; set; }
    }

    private sealed class Copied
    {
        public float[]? Copy { get; set; }
    }

    [TestMethod]
    public void Disposing_an_engine_disposes_the_transformer_that_it_owns()
    {
        var owned = new DoublingTransformer(_context);
        _context.Model.CreatePredictionEngine<Input, Output>(owned).Dispose();
        Assert.IsTrue(owned.IsDisposed);

        var kept = new DoublingTransformer(_context);
        _context.Model.CreatePredictionEngine<Input, Output>(kept, new PredictionEngineOptions { OwnsTransformer = false }).Dispose();
        Assert.IsFalse(kept.IsDisposed);
    }
}
