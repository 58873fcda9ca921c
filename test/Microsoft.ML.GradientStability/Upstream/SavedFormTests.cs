using System.IO.Compression;
using Google.Protobuf;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.OnnxProto;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>What Microsoft.ML 5.0.1's transformers can and cannot do of the form in which a network is saved (docs/decisions/0002).</summary>
[TestClass]
public sealed class SavedFormTests
{
    private readonly MLContext _ml = new();

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [1, 2, 3];

        public long Index { get; set; } = 1;
    }

    [TestMethod]
    public void MapValue_to_keys_turns_numbers_into_text()
    {
        var labels = new[] { KeyValuePair.Create(0L, 10f), KeyValuePair.Create(1L, 20f) };
        var mapped = Transform(_ml.Transforms.Conversion.MapValue("Label", labels, "Index", treatValuesAsKeyType: true));
        var keys = (VectorDataViewType)mapped.Schema["Label"].Annotations.Schema["KeyValues"].Type;
        Assert.AreEqual(TextDataViewType.Instance, keys.ItemType,
            "MapValue keeps the type of its values as keys now: it alone can be what Data/NamedClassLabels.cs returns from IndexToLabel, and the temporary column of Tasks/Multiclass/MulticlassColumns.cs can go.");
    }

    [TestMethod]
    public void MapValue_to_keys_takes_unsigned_numbers_as_keys_and_0_for_what_is_unknown()
    {
        var labels = new[] { KeyValuePair.Create(0L, 1u), KeyValuePair.Create(1L, 2u) };
        var map = _ml.Transforms.Conversion.MapValue("Label", labels, "Index", treatValuesAsKeyType: true);
        var rows = _ml.Data.LoadFromEnumerable(new long[] { 0, 1, 7 }.Select(i => new Row { Index = i }));
        var mapped = map.Fit(rows).Transform(rows);
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 2), mapped.Schema["Label"].Type);
        CollectionAssert.AreEqual(new uint[] { 1, 2, 0 }, mapped.GetColumn<uint>("Label").ToArray());
    }

    [TestMethod]
    public void The_value_of_an_ONNX_output_without_dimensions_cannot_be_read()
    {
        var scored = Transform(Apply(keepDimensions: false));
        Assert.AreEqual(NumberDataViewType.Single, scored.Schema["Total"].Type);
        Assert.Throws<Exception>(() => scored.GetColumn<float>("Total").ToArray(),
            "an ONNX output without dimensions can be read now: graphs may end in scalars, and the custom mappings from vectors of one (Tasks/Binary/BinaryUnwrapper.cs and its kin) can go.");
    }

    [TestMethod]
    public void An_ONNX_output_of_one_number_is_a_vector_of_one()
    {
        var scored = Transform(Apply(keepDimensions: true));
        CollectionAssert.AreEqual(new[] { 6f }, scored.GetColumn<float[]>("Total").Single());
    }

    [TestMethod]
    public void A_saved_OnnxTransformer_keeps_its_bytes_in_an_entry_of_their_own()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row()]);
        using var file = new MemoryStream();
        _ml.Model.Save(Apply(keepDimensions: true).Fit(data), data.Schema, file);
        using var zip = new ZipArchive(file, ZipArchiveMode.Read);
        using var content = zip.Entries.Single(entry => entry.FullName.EndsWith("OnnxModel", StringComparison.Ordinal)).Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        // The entry is the length as a number of four bytes, then the file.
        CollectionAssert.AreEqual(Sum(keepDimensions: true), bytes.ToArray()[4..]);
    }

    private IDataView Transform(IEstimator<ITransformer> estimator)
    {
        var data = _ml.Data.LoadFromEnumerable([new Row()]);
        return estimator.Fit(data).Transform(data);
    }

    private IEstimator<ITransformer> Apply(bool keepDimensions) =>
        _ml.Transforms.ApplyOnnxModel(["Total"], ["Features"], new MemoryStream(Sum(keepDimensions)));

    /// <summary>The sum of a row of three, as a tensor of one number or of no dimensions.</summary>
    private static byte[] Sum(bool keepDimensions)
    {
        var sum = new NodeProto { OpType = "ReduceSum", Input = { "Features" }, Output = { "Total" } };
        sum.Attribute.Add(new AttributeProto { Name = "keepdims", Type = AttributeProto.Types.AttributeType.Int, I = keepDimensions ? 1 : 0 });
        var graph = new GraphProto { Name = "sum", Node = { sum }, Input = { Value("Features", 1, 3) }, Output = { Value("Total", keepDimensions ? [1, 1] : []) } };
        var model = new ModelProto { IrVersion = 8, Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = 13 } } };
        return model.ToByteArray();
    }

    private static ValueInfoProto Value(string name, params long[] shape)
    {
        var dimensions = new TensorShapeProto();
        dimensions.Dim.AddRange(shape.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = TensorProto.Types.DataType.Float, Shape = dimensions } },
        };
    }
}
