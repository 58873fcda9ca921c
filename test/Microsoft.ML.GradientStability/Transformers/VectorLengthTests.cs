using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Transformers;

/// <summary>A feature vector of another length than its type is an error that tells row and column, wherever it is read.</summary>
[TestClass]
public sealed class VectorLengthTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Row
    {
        public VBuffer<float> Features { get; set; }
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }

    private static readonly VBuffer<float> s_whole = new(2, [1, 2]);

    /// <summary>The schema says two values.</summary>
    public static IEnumerable<object[]> Wrong() =>
    [
        ["shorter", new VBuffer<float>(1, [1])],
        ["longer", new VBuffer<float>(3, [1, 2, 3])],
        ["empty", new VBuffer<float>(0, [])],
        ["sparse and shorter", new VBuffer<float>(1, 0, [], [])],
        ["sparse and longer", new VBuffer<float>(5, 1, [1], [0])],
    ];

    private SchemaDefinition Schema()
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        return schema;
    }

    private IDataView Load(VBuffer<float> wrong) =>
        _ml.Data.LoadFromEnumerable([new Row { Features = s_whole }, new Row { Features = wrong }, new Row { Features = s_whole }], Schema());

    [TestMethod]
    [DynamicData(nameof(Wrong))]
    public void Scored_in_batches_or_one_by_one_and_exported(string how, VBuffer<float> wrong)
    {
        using var model = _ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()).Fit(Samples.KeyedClusters(_ml));
        Tells("Row 2", () => model.Transform(Load(wrong)).GetColumn<float[]>("Score").ToArray());
        Tells("Row 2", () =>
        {
            var input = Load(wrong);
            using var cursor = input.GetRowCursor(input.Schema);
            var mapper = model.GetRowToRowMapper(input.Schema);
            using var row = mapper.GetRow(cursor, mapper.OutputSchema);
            var read = row.GetGetter<VBuffer<float>>(mapper.OutputSchema["Score"]);
            var score = default(VBuffer<float>);
            while (cursor.MoveNext())
                read(ref score);
        });
        using var engine = _ml.Model.CreatePredictionEngine<Row, Answer>(model, new PredictionEngineOptions { OwnsTransformer = false, InputSchemaDefinition = Schema() });
        var expected = engine.Predict(new Row { Features = s_whole }).Score;
        Tells("", () => engine.Predict(new Row { Features = wrong }));
        CollectionAssert.AreEqual(expected, engine.Predict(new Row { Features = s_whole }).Score);

        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Tells("Row 2", () => model.SaveAsOnnx(path, Load(wrong)));
        Assert.IsFalse(File.Exists(path));

        void Tells(string row, Action action)
        {
            var error = Assert.ThrowsExactly<InvalidOperationException>(action, how);
            StringAssert.Contains(error.Message, row);
            StringAssert.Contains(error.Message, $"{wrong.Length} values in column 'Features', whose type says 2. Mend the transform that makes the column.");
        }
    }

    /// <summary>There ONNX scoring is ML.NET's own: its error is less clear, but no score is made of an earlier row.</summary>
    [TestMethod]
    [DynamicData(nameof(Wrong))]
    public void A_loaded_model_refuses_it_too(string how, VBuffer<float> wrong)
    {
        using var model = _ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()).Fit(Samples.KeyedClusters(_ml));
        var loaded = EveryTask.SaveAndLoad(model, Load(s_whole).Schema);
        Assert.Throws<Exception>(() => loaded.Transform(Load(wrong)).GetColumn<float[]>("Score").ToArray(), how);
    }
}
