using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace GradientStability.Polyfills.MLNet.Tests;

[TestClass]
public sealed class CustomMappingTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void The_action_computes_the_added_columns()
    {
        var data = _ml.Data.LoadFromEnumerable([new Pair { A = 3, B = 4 }, new Pair { A = 5, B = 12 }]);
        static void Map(Pair pair, Norm norm) => norm.Value = MathF.Sqrt(pair.A * pair.A + pair.B * pair.B);
        var result = _ml.Transforms.CustomMapping<Pair, Norm>(Map, null)
            .Fit(data).Transform(data);

        CollectionAssert.AreEqual(new[] { "A", "B", "Value", "Parts" }, result.Schema.Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(new float[] { 5, 13 }, result.Scalars<float>("Value"));
    }

    [TestMethod]
    public void The_action_runs_once_a_row_for_all_its_columns()
    {
        var calls = 0;
        var data = _ml.Data.LoadFromEnumerable([new Pair(), new Pair()]);
        var result = _ml.Transforms.CustomMapping<Pair, Norm>((_, _) => calls++, null).Fit(data).Transform(data);
        using (var cursor = result.GetRowCursor(result.Schema))
        {
            var value = cursor.GetGetter<float>(result.Schema["Value"]);
            var parts = cursor.GetGetter<VBuffer<float>>(result.Schema["Parts"]);
            while (cursor.MoveNext())
            {
                float number = 0;
                VBuffer<float> vector = default;
                value(ref number);
                parts(ref vector);
                value(ref number);
            }
        }

        Assert.AreEqual(2, calls);
    }

    [TestMethod]
    public void A_mapping_with_a_contract_is_loaded_through_its_factory()
    {
        var data = _ml.Data.LoadFromEnumerable([new Pair { A = 3, B = 4 }]);
        var model = _ml.Transforms.CustomMapping(new SumFactory().GetMapping(), SumFactory.Contract).Fit(data).SaveAndLoad(data.Schema);

        CollectionAssert.AreEqual(new float[] { 7 }, model.Transform(data).Scalars<float>("Value"));
        using var engine = _ml.Model.CreatePredictionEngine<Pair, Sum>(model);
        Assert.AreEqual(11, engine.Predict(new Pair { A = 5, B = 6 }).Value);
        Assert.AreEqual(3, engine.Predict(new Pair { A = 1, B = 2 }).Value);
    }

    [TestMethod]
    public void A_mapping_without_a_contract_cannot_be_saved()
    {
        var data = _ml.Data.LoadFromEnumerable([new Pair()]);
        var model = _ml.Transforms.CustomMapping<Pair, Sum>((_, _) => { }, null).Fit(data);

        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Model.Save(model, data.Schema, new MemoryStream()));
    }

    [TestMethod]
    public void An_unknown_contract_cannot_be_loaded()
    {
        var data = _ml.Data.LoadFromEnumerable([new Pair()]);
        var model = _ml.Transforms.CustomMapping<Pair, Sum>((_, _) => { }, "no such contract").Fit(data);

        Assert.ThrowsExactly<InvalidOperationException>(() => model.SaveAndLoad(data.Schema));
    }

    [TestMethod]
    public void The_shape_of_the_outputs_alone_can_be_asked_for()
    {
        var definition = SchemaDefinition.Create(typeof(Output));
        definition[nameof(Output.Score)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3);
        definition[nameof(Output.Score)].AddAnnotation("ScoreValueKind", "Score".AsMemory(), TextDataViewType.Instance);
        definition[nameof(Output.PredictedLabel)].ColumnType = new KeyDataViewType(typeof(uint), 3);
        var shape = _ml.Transforms.CustomMapping<Nothing, Output>((_, _) => { }, null, outputSchemaDefinition: definition)
            .GetOutputSchema(new SchemaShape([]));

        var score = shape.Single(column => column.Name == "Score");
        Assert.AreEqual(SchemaShape.Column.VectorKind.Vector, score.Kind);
        Assert.AreEqual(NumberDataViewType.Single, score.ItemType);
        Assert.AreEqual("ScoreValueKind", score.Annotations.Single().Name);
        Assert.AreEqual(TextDataViewType.Instance, score.Annotations.Single().ItemType);
        var predicted = shape.Single(column => column.Name == "PredictedLabel");
        Assert.IsTrue(predicted.IsKey);
        Assert.AreEqual(SchemaShape.Column.VectorKind.Scalar, predicted.Kind);
        Assert.AreEqual(NumberDataViewType.UInt32, predicted.ItemType);
    }

    [TestMethod]
    public void Types_and_annotations_of_the_definition_reach_the_schema()
    {
        var definition = SchemaDefinition.Create(typeof(Output));
        definition[nameof(Output.Score)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        definition[nameof(Output.Score)].AddAnnotation("ScoreValueKind", "Score".AsMemory(), TextDataViewType.Instance);
        definition[nameof(Output.PredictedLabel)].ColumnType = new KeyDataViewType(typeof(uint), 2);
        var data = _ml.Data.LoadFromEnumerable([new Pair { A = 1 }]);
        static void Map(Pair pair, Output output) => (output.Score, output.PredictedLabel) = ([pair.A, 0], 1);
        var result = _ml.Transforms.CustomMapping<Pair, Output>(Map, null,
            outputSchemaDefinition: definition).Fit(data).Transform(data);

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 2), result.Schema["Score"].Type);
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 2), result.Schema["PredictedLabel"].Type);
        ReadOnlyMemory<char> kind = default;
        result.Schema["Score"].Annotations.GetValue("ScoreValueKind", ref kind);
        Assert.AreEqual("Score", kind.ToString());
        CollectionAssert.AreEqual(new float[] { 1, 0 }, result.Rows<float>("Score")[0]);
        CollectionAssert.AreEqual(new uint[] { 2 }, result.Scalars<uint>("PredictedLabel"));
    }

    [TestMethod]
    public void A_missing_or_mistyped_input_column_is_named()
    {
        var data = _ml.Data.LoadFromEnumerable([new Sum()]);
        var estimator = _ml.Transforms.CustomMapping<Pair, Norm>((_, _) => { }, null);
        var missing = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(data));

        StringAssert.Contains(missing.Message, "'A'");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.CustomMapping<WholeValue, Norm>((_, _) => { }, null)
            .Append(_ml.Transforms.CopyColumns("V", "Value")).Fit(data));
    }

    public sealed class Pair
    {
        public float A { get; set; }

        public float B { get; set; }
    }

    public sealed class Sum
    {
        public float Value { get; set; }
    }

    private sealed class Norm
    {
        public float Value { get; set; }

        [VectorType(2)]
        public float[] Parts { get; set; } = [0, 0];
    }

    private sealed class WholeValue
    {
        public int Value { get; set; }
    }

    private sealed class Nothing;

    private sealed class Output
    {
        public float[] Score { get; set; } = [];

        public uint PredictedLabel { get; set; }
    }
}

[CustomMappingFactoryAttribute(Contract)]
public sealed class SumFactory : CustomMappingFactory<CustomMappingTests.Pair, CustomMappingTests.Sum>
{
    public const string Contract = "GradientStability.Polyfills.MLNet.Tests.Sum";

    public override Action<CustomMappingTests.Pair, CustomMappingTests.Sum> GetMapping() => (pair, sum) => sum.Value = pair.A + pair.B;
}
