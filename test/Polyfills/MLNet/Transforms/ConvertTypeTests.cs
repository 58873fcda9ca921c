using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests;

[TestClass]
public sealed class ConvertTypeTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void Everything_becomes_Single_unless_said_otherwise()
    {
        var data = Rows(new Row { Int = -3, Flag = true, Text = "2.5", Byte = 7, Double = 1e10 });
        foreach (var (name, value) in new (string, float)[] { ("Int", -3), ("Flag", 1), ("Text", 2.5f), ("Byte", 7), ("Double", 1e10f) })
        {
            var result = _ml.Transforms.Conversion.ConvertType("Out", name).Fit(data).Transform(data);
            Assert.AreEqual(NumberDataViewType.Single, result.Schema["Out"].Type, name);
            Assert.AreEqual(value, result.Scalars<float>("Out")[0], name);
        }
    }

    [TestMethod]
    public void Text_that_is_no_number_is_missing_and_empty_text_is_zero()
    {
        var result = Convert(DataKind.Single, "Text", new Row { Text = "x" }, new Row { Text = "" }, new Row { Text = " 3" });
        Assert.IsTrue(float.IsNaN(result.Scalars<float>("Out")[0]));
        Assert.AreEqual(0, result.Scalars<float>("Out")[1]);
        Assert.AreEqual(3, result.Scalars<float>("Out")[2]);
    }

    [TestMethod]
    public void Text_becomes_integers_and_flags()
    {
        CollectionAssert.AreEqual(new[] { -12, 0 }, Convert(DataKind.Int32, "Text", new Row { Text = "-12" }, new Row { Text = "" }).Scalars<int>("Out"));
        CollectionAssert.AreEqual(new uint[] { 12, 0, 0, 0 },
            Convert(DataKind.UInt32, "Text", new Row { Text = "12" }, new Row { Text = "-1" }, new Row { Text = "x" }, new Row { Text = "+1" }).Scalars<uint>("Out"));
        CollectionAssert.AreEqual(new[] { true, true, false, false },
            Convert(DataKind.Boolean, "Text", new Row { Text = "yes" }, new Row { Text = "TRUE" }, new Row { Text = "0" }, new Row { Text = "?" })
                .Scalars<bool>("Out"));
        foreach (var text in new[] { "x", "+1", " 1", "-", "2147483648", "1.0" })
            Assert.ThrowsExactly<InvalidOperationException>(() => Convert(DataKind.Int32, "Text", new Row { Text = text }).Scalars<int>("Out"), text);
    }

    [TestMethod]
    public void Integers_change_their_width()
    {
        CollectionAssert.AreEqual(new long[] { -3, int.MaxValue },
            Convert(DataKind.Int64, "Int", new Row { Int = -3 }, new Row { Int = int.MaxValue }).Scalars<long>("Out"));
        CollectionAssert.AreEqual(new short[] { -3, -1 },
            Convert(DataKind.Int16, "Int", new Row { Int = -3 }, new Row { Int = int.MaxValue }).Scalars<short>("Out"), "what is too large wraps");
        CollectionAssert.AreEqual(new byte[] { 200, 0 },
            Convert(DataKind.Byte, "UInt", new Row { UInt = 200 }, new Row { UInt = 300 }).Scalars<byte>("Out"), "what is too large is zero");
    }

    [TestMethod]
    public void Numbers_become_flags_and_texts()
    {
        CollectionAssert.AreEqual(new[] { true, false, true },
            Convert(DataKind.Boolean, "Float", new Row { Float = 0.5f }, new Row(), new Row { Float = float.NaN }).Scalars<bool>("Out"));
        CollectionAssert.AreEqual(new[] { "0.5", "1E+10", "NaN" },
            Convert(DataKind.String, "Float", new Row { Float = 0.5f }, new Row { Float = 1e10f }, new Row { Float = float.NaN }).Texts("Out"));
        CollectionAssert.AreEqual(new[] { "0.10000000000000001" }, Convert(DataKind.String, "Double", new Row { Double = 0.1 }).Texts("Out"));
        CollectionAssert.AreEqual(new[] { "-3" }, Convert(DataKind.String, "Int", new Row { Int = -3 }).Texts("Out"));
        CollectionAssert.AreEqual(new[] { "True" }, Convert(DataKind.String, "Flag", new Row { Flag = true }).Texts("Out"));
    }

    [TestMethod]
    [DataRow("Float", DataKind.Int32)]
    [DataRow("Double", DataKind.Byte)]
    [DataRow("Int", DataKind.UInt32)]
    [DataRow("UInt", DataKind.Int64)]
    [DataRow("Flag", DataKind.UInt32)]
    public void Some_conversions_do_not_exist(string name, DataKind kind)
    {
        Assert.Throws<ArgumentException>(() => Convert(kind, name, new Row()));
        var chain = _ml.Transforms.CopyColumns("C", name).Append(_ml.Transforms.Conversion.ConvertType("Out", "C", kind));
        Assert.Throws<ArgumentException>(() => chain.Fit(Rows(new Row())));
    }

    [TestMethod]
    public void Vectors_keep_their_form_and_slot_names()
    {
        var data = Rows(new Row { Float = 1, Other = 2 });
        var chain = _ml.Transforms.Concatenate("V", "Float", "Other")
            .Append(_ml.Transforms.Conversion.ConvertType("Out", "V", DataKind.Double));
        var result = chain.Fit(data).Transform(data);

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Double, 2), result.Schema["Out"].Type);
        CollectionAssert.AreEqual(new double[] { 1, 2 }, result.Rows<double>("Out")[0]);
        CollectionAssert.AreEqual(new[] { "Float", "Other" }, result.SlotNames("Out"));
        Assert.IsFalse(result.Schema["Out"].IsNormalized());
    }

    [TestMethod]
    public void The_normalized_flag_follows_numbers_and_comes_with_flags()
    {
        var data = Rows(new Row { Float = 1, Flag = true }, new Row { Float = 2 });
        var chain = _ml.Transforms.NormalizeMinMax("Float")
            .Append(_ml.Transforms.Conversion.ConvertType([new("A", "Float"), new("B", "Flag")], DataKind.Double));
        var schema = chain.Fit(data).Transform(data).Schema;

        Assert.IsTrue(schema["A"].IsNormalized());
        Assert.IsTrue(schema["B"].IsNormalized());
    }

    [TestMethod]
    public void A_key_stays_a_key_of_another_width()
    {
        var data = Rows(new Row { Text = "a" }, new Row { Text = "b" }, new Row { Text = "" });
        var keys = _ml.Transforms.Conversion.MapValueToKey("Key", "Text").Fit(data).Transform(data);
        var result = _ml.Transforms.Conversion.ConvertType("Out", "Key", DataKind.Byte).Fit(keys).Transform(keys);

        Assert.AreEqual(new KeyDataViewType(typeof(byte), 2), result.Schema["Out"].Type);
        CollectionAssert.AreEqual(new byte[] { 1, 2, 0 }, result.Scalars<byte>("Out"));
        CollectionAssert.AreEqual(new[] { "a", "b" }, result.Schema["Out"].KeyTexts());
        Assert.Throws<ArgumentException>(() => _ml.Transforms.Conversion.ConvertType("Out", "Key").Fit(keys));
    }

    [TestMethod]
    public void Conversions_are_saved()
    {
        var data = Rows(new Row { Int = 5, UInt = 6 });
        var model = _ml.Transforms.Conversion.ConvertType([new("A", "Int"), new("UInt")], DataKind.Double).Fit(data);
        var loaded = model.SaveAndLoad(data.Schema).Transform(data);

        CollectionAssert.AreEqual(new double[] { 5 }, loaded.Scalars<double>("A"));
        CollectionAssert.AreEqual(new double[] { 6 }, loaded.Scalars<double>("UInt"));
    }

    private IDataView Convert(DataKind kind, string name, params Row[] rows)
    {
        var data = Rows(rows);
        return _ml.Transforms.Conversion.ConvertType("Out", name, kind).Fit(data).Transform(data);
    }

    private IDataView Rows(params Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private sealed class Row
    {
        public int Int { get; set; }

        public uint UInt { get; set; }

        public byte Byte { get; set; }

        public float Float { get; set; }

        public float Other { get; set; }

        public double Double { get; set; }

        public bool Flag { get; set; }

        public string Text { get; set; } = "";
    }
}
