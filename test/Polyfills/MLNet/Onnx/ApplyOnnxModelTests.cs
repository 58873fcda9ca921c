using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;

namespace GradientStability.Polyfills.MLNet.Tests;

[TestClass]
public sealed class ApplyOnnxModelTests
{
    private static readonly string[] _outputs = ["Double", "Arg"];
    private readonly MLContext _ml = new();

    [TestMethod]
    public void An_open_batch_dimension_is_one_row()
    {
        var result = Apply(OnnxBytes.Features("3"), ["Double", "Arg", "Total"]).Fit(Rows()).Transform(Rows());

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 1, 3), result.Schema["Double"].Type);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Int64, 1), result.Schema["Arg"].Type);
        Assert.AreEqual(NumberDataViewType.Single, result.Schema["Total"].Type);
    }

    [TestMethod]
    public void Every_row_is_scored()
    {
        var result = Apply(OnnxBytes.Features("3")).Fit(Rows()).Transform(Rows());

        CollectionAssert.AreEqual(new float[] { 2, 4, 6 }, result.Rows<float>("Double")[0]);
        CollectionAssert.AreEqual(new float[] { 18, 4, 0 }, result.Rows<float>("Double")[1]);
        CollectionAssert.AreEqual(new long[] { 2 }, result.Rows<long>("Arg")[0]);
        CollectionAssert.AreEqual(new long[] { 0 }, result.Rows<long>("Arg")[1]);
    }

    [TestMethod]
    public void The_value_of_a_result_without_dimensions_cannot_be_read()
    {
        var result = Apply(OnnxBytes.Features("3"), ["Total"]).Fit(Rows()).Transform(Rows());

        Assert.Throws<Exception>(() => result.Scalars<float>("Total"));
    }

    [TestMethod]
    public void Rows_of_any_size_give_results_of_any_size()
    {
        float[][] rows = [[1, 2], [3], [4, 5]];
        var data = _ml.Data.LoadFromEnumerable(rows.Select(row => new Open { Features = row }));
        var result = Apply(OnnxBytes.Features("D")).Fit(data).Transform(data);

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single), result.Schema["Double"].Type);
        CollectionAssert.AreEqual(new float[] { 2, 4 }, result.Rows<float>("Double")[0]);
        CollectionAssert.AreEqual(new float[] { 6 }, result.Rows<float>("Double")[1]);
        CollectionAssert.AreEqual(new float[] { 8, 10 }, result.Rows<float>("Double")[2]);
        CollectionAssert.AreEqual(new long[] { 1 }, result.Rows<long>("Arg")[0]);
    }

    [TestMethod]
    public void Sparse_rows_are_scored_as_the_vectors_they_stand_for()
    {
        var data = _ml.Data.LoadFromEnumerable([new Sparse { Features = new VBuffer<float>(3, 1, [7], [1]) }]);

        CollectionAssert.AreEqual(new float[] { 0, 14, 0 }, Apply(OnnxBytes.Features("3"))
            .Fit(data).Transform(data).Rows<float>("Double")[0]);
    }

    [TestMethod]
    public void Scalar_columns_are_matrices_of_one_and_the_suffix_output_is_cut()
    {
        var data = _ml.Data.LoadFromEnumerable([new Scalars { A = 1, B = 2 }, new Scalars { A = 3, B = 4 }]);
        var result = _ml.Transforms.ApplyOnnxModel(["Sum.output"], ["A", "B"], new MemoryStream(OnnxBytes.Sum())).Fit(data).Transform(data);

        CollectionAssert.AreEqual(new float[] { 3 }, result.Rows<float>("Sum")[0]);
        CollectionAssert.AreEqual(new float[] { 7 }, result.Rows<float>("Sum")[1]);
    }

    [TestMethod]
    public void A_model_may_be_a_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, OnnxBytes.Features("3"));
            using var several = _ml.Transforms.ApplyOnnxModel(_outputs, ["Features"], file).Fit(Rows());
            using var one = _ml.Transforms.ApplyOnnxModel("Arg", "Features", file).Fit(Rows());

            CollectionAssert.AreEqual(new float[] { 2, 4, 6 }, several.Transform(Rows()).Rows<float>("Double")[0]);
            CollectionAssert.AreEqual(new long[] { 2 }, one.Transform(Rows()).Rows<long>("Arg")[0]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestMethod]
    public void Survives_saving_and_works_in_a_prediction_engine()
    {
        var data = Rows();
        var model = Apply(OnnxBytes.Features("3")).Append(_ml.Transforms.DropColumns("Features")).Fit(data).SaveAndLoad(data.Schema);
        using var engine = _ml.Model.CreatePredictionEngine<Row, Doubled>(model);

        CollectionAssert.AreEqual(new float[] { 2, 2, 4 }, engine.Predict(new Row { Features = [1, 1, 2] }).Double);
        CollectionAssert.AreEqual(new float[] { 10, 0, 0 }, engine.Predict(new Row { Features = [5, 0, 0] }).Double);
    }

    [TestMethod]
    public void A_saved_model_holds_the_length_and_the_bytes_of_the_onnx_model()
    {
        var bytes = OnnxBytes.Features("3");
        using var stream = new MemoryStream();
        _ml.Model.Save(Apply(bytes).Fit(Rows()), Rows().Schema, stream);
        using var zip = new ZipArchive(stream);
        using var reader = new BinaryReader(zip.Entries.Single(entry => entry.FullName.EndsWith("OnnxModel")).Open());

        Assert.AreEqual(bytes.Length, reader.ReadInt32());
        CollectionAssert.AreEqual(bytes, reader.ReadBytes(bytes.Length + 1));
    }

    [TestMethod]
    public void Columns_that_do_not_fit_the_model_are_refused()
    {
        var estimator = Apply(OnnxBytes.Features("3"));
        var missing = _ml.Data.LoadFromEnumerable([new Scalars()]);
        var mistyped = _ml.Data.LoadFromEnumerable([new Mistyped { Features = [1, 2, 3] }]);
        var missized = _ml.Data.LoadFromEnumerable([new Missized { Features = [1, 2] }]);

        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(missing)).Message, "Features");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(mistyped));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Append(_ml.Transforms.DropColumns("Arg")).Fit(mistyped));
        Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(missized));
    }

    [TestMethod]
    public void Models_that_cannot_be_opened_are_refused()
    {
        Assert.ThrowsExactly<InvalidOperationException>(() => Apply([1, 2, 3, 4]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Apply(OnnxBytes.Features("3"), ["Zed"]));
        var nowhere = Path.Combine(Path.GetTempPath(), "no such model.onnx");
        Assert.ThrowsExactly<IOException>(() => _ml.Transforms.ApplyOnnxModel("Arg", "Features", nowhere));
    }

    [TestMethod]
    public void The_shape_of_the_outputs_is_a_vector_of_known_size()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        var empty = new SchemaShape([]);
        var features = _ml.Transforms.CustomMapping<Nothing, Row>((_, _) => { }, null, outputSchemaDefinition: definition)
            .GetOutputSchema(empty);
        var shape = Apply(OnnxBytes.Features("3")).GetOutputSchema(features);

        var arg = shape.Single(column => column.Name == "Arg");
        Assert.AreEqual(SchemaShape.Column.VectorKind.Vector, arg.Kind);
        Assert.AreEqual(NumberDataViewType.Int64, arg.ItemType);
        Assert.IsFalse(arg.IsKey);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Apply(OnnxBytes.Features("3")).GetOutputSchema(empty));
    }

    private OnnxScoringEstimator Apply(byte[] model, string[]? outputs = null) =>
        _ml.Transforms.ApplyOnnxModel(outputs ?? _outputs, ["Features"], new MemoryStream(model));

    private IDataView Rows() => _ml.Data.LoadFromEnumerable([new Row { Features = [1, 2, 3] }, new Row { Features = [9, 2, 0] }]);

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Open
    {
        public float[] Features { get; set; } = [];
    }

    private sealed class Sparse
    {
        [VectorType(3)]
        public VBuffer<float> Features { get; set; }
    }

    private sealed class Mistyped
    {
        [VectorType(3)]
        public double[] Features { get; set; } = [];
    }

    private sealed class Missized
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Scalars
    {
        public float A { get; set; }

        public float B { get; set; }
    }

    private sealed class Doubled
    {
        public float[] Double { get; set; } = [];
    }

    private sealed class Nothing;
}
