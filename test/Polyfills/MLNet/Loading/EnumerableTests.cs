using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests.Loading;

[TestClass]
public sealed class EnumerableTests
{
    private readonly MLContext _context = new(seed: 1);

    private sealed class Row
    {
        public float Number;

        [ColumnName("Renamed")]
        public string? Text { get; set; }

        [VectorType(3)]
        public float[]? Features;

        [KeyType(3)]
        public uint Label;

        [NoColumn]
        public object? Ignored { get; set; }

        public bool Flag;

        public VBuffer<double> Vector;
    }

    [TestMethod]
    public void Members_become_columns_of_their_type()
    {
        var schema = _context.Data.LoadFromEnumerable(Array.Empty<Row>()).Schema;
        Assert.AreEqual(NumberDataViewType.Single, schema["Number"].Type);
        Assert.AreEqual(TextDataViewType.Instance, schema["Renamed"].Type);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), schema["Features"].Type);
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 3), schema["Label"].Type);
        Assert.AreEqual(BooleanDataViewType.Instance, schema["Flag"].Type);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Double), schema["Vector"].Type);
        Assert.AreEqual(6, schema.Count);
    }

    [TestMethod]
    public void Values_are_read_row_by_row()
    {
        Row[] rows =
        [
            new() { Number = 1, Text = "one", Features = [1, 2, 3], Label = 0, Flag = true, Vector = new(4, 1, [5.0], [2]) },
            new() { Number = 2, Text = null, Features = null, Label = 3 },
        ];
        var data = _context.Data.LoadFromEnumerable(rows);
        Assert.AreEqual(2L, data.GetRowCount());
        Assert.IsFalse(data.CanShuffle);

        using var cursor = data.GetRowCursor(data.Schema);
        var number = cursor.GetGetter<float>(data.Schema["Number"]);
        var text = cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Renamed"]);
        var features = cursor.GetGetter<VBuffer<float>>(data.Schema["Features"]);
        var label = cursor.GetGetter<uint>(data.Schema["Label"]);
        var vector = cursor.GetGetter<VBuffer<double>>(data.Schema["Vector"]);
        var (n, t, f, l, v) = (0f, default(ReadOnlyMemory<char>), default(VBuffer<float>), 0u, default(VBuffer<double>));

        Assert.AreEqual(-1, cursor.Position);
        Assert.IsTrue(cursor.MoveNext());
        number(ref n);
        text(ref t);
        features(ref f);
        label(ref l);
        vector(ref v);
        Assert.AreEqual(0, cursor.Position);
        Assert.AreEqual(1f, n);
        Assert.AreEqual("one", t.ToString());
        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f }, f.DenseValues().ToArray());
        Assert.AreEqual(1u, l, "a key counts from 1 in a view, from 0 in the class");
        CollectionAssert.AreEqual(new[] { 0.0, 0, 5, 0 }, v.DenseValues().ToArray());

        Assert.IsTrue(cursor.MoveNext());
        text(ref t);
        features(ref f);
        label(ref l);
        Assert.IsTrue(t.IsEmpty);
        Assert.AreEqual(0, f.Length);
        Assert.AreEqual(0u, l, "a value out of the key's range is missing");
        Assert.IsFalse(cursor.MoveNext());
        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void Each_cursor_enumerates_anew()
    {
        var data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 5).Select(i => new Row { Number = i }));
        Assert.IsNull(data.GetRowCount());
        for (var pass = 0; pass < 2; pass++)
        {
            using var cursor = data.GetRowCursor(data.Schema);
            var count = 0;
            while (cursor.MoveNext())
                count++;
            Assert.AreEqual(5, count);
        }
    }

    [TestMethod]
    public void A_definition_changes_types_and_adds_annotations()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        definition["Label"].ColumnType = new KeyDataViewType(typeof(uint), 2);
        definition["Label"].AddAnnotation("KeyValues", new[] { "no", "yes" }, new VectorDataViewType(TextDataViewType.Instance, 2));
        var schema = _context.Data.LoadFromEnumerable(Array.Empty<Row>(), definition).Schema;

        Assert.AreEqual(2, ((VectorDataViewType)schema["Features"].Type).Size);
        Assert.IsTrue(schema["Label"].HasKeyValues());
        VBuffer<ReadOnlyMemory<char>> values = default;
        schema["Label"].GetKeyValues(ref values);
        Assert.AreEqual("yes", values.GetItemOrDefault(1).ToString());
    }

    [TestMethod]
    public void A_schema_gives_types_and_annotations()
    {
        var source = _context.Data.LoadFromEnumerable(new[] { new Pair { Label = 1, Features = [1, 2] } });
        var loaded = _context.Data.LoadFromEnumerable(new[] { new LoosePair { Label = 1, Features = [1, 2] } }, source.Schema);
        Assert.AreEqual(source.Schema["Label"].Type, loaded.Schema["Label"].Type);
        Assert.AreEqual(source.Schema["Features"].Type, loaded.Schema["Features"].Type);
    }

    private sealed class Pair
    {
        [KeyType(5)]
        public uint Label;

        [VectorType(2)]
        public float[]? Features;
    }

    private sealed class LoosePair
    {
        public uint Label;
        public float[]? Features;
    }

    [TestMethod]
    public void Members_of_unknown_type_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.LoadFromEnumerable(new[] { new { Value = new object() } }));
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Number"].ColumnType = NumberDataViewType.Double;
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.LoadFromEnumerable(Array.Empty<Row>(), definition));
    }

    [TestMethod]
    public void A_getter_of_the_wrong_type_is_refused()
    {
        var data = _context.Data.LoadFromEnumerable(new[] { new Row() });
        using var cursor = data.GetRowCursor(data.Schema.Where(c => c.Name == "Number"));
        Assert.IsTrue(cursor.IsColumnActive(data.Schema["Number"]));
        Assert.IsFalse(cursor.IsColumnActive(data.Schema["Label"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<double>(data.Schema["Number"]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<uint>(data.Schema["Label"]));
    }

    [TestMethod]
    public void Null_rows_are_refused()
    {
        var data = _context.Data.LoadFromEnumerable(new Row[] { null! });
        using var cursor = data.GetRowCursor(data.Schema);
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.MoveNext());
    }

    [TestMethod]
    public void Rows_become_objects_again()
    {
        Row[] rows = [new() { Number = 1, Text = "one", Features = [1, 2, 3], Label = 2, Flag = true }, new() { Number = 2, Text = "two" }];
        var back = _context.Data.CreateEnumerable<Row>(_context.Data.LoadFromEnumerable(rows), reuseRowObject: false).ToArray();

        Assert.AreEqual(2, back.Length);
        Assert.AreEqual("one", back[0].Text);
        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f }, back[0].Features);
        Assert.AreEqual(3u, back[0].Label, "an object takes the view's one-based key");
        Assert.IsTrue(back[0].Flag);
        Assert.AreEqual("two", back[1].Text);
        Assert.IsTrue(back[1].Features is null or { Length: 0 });
    }

    [TestMethod]
    public void One_object_may_serve_all_rows()
    {
        var data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 3).Select(i => new Row { Number = i, Features = [i, i, i] }));
        Row? first = null;
        float[]? features = null;
        foreach (var row in _context.Data.CreateEnumerable<Row>(data, reuseRowObject: true))
        {
            first ??= row;
            features ??= row.Features;
            Assert.AreSame(first, row);
            Assert.AreSame(features, row.Features);
            Assert.AreEqual(row.Number, row.Features![2]);
        }
    }

    private sealed class Other
    {
        public float Number { get; set; }

        public float Missing { get; set; }
    }

    private sealed class WrongType
    {
        public double Number { get; set; }
    }

    [TestMethod]
    public void Missing_columns_are_errors_unless_ignored()
    {
        var data = _context.Data.LoadFromEnumerable(new[] { new Row { Number = 4 } });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.CreateEnumerable<Other>(data, false).ToArray());
        Assert.AreEqual(4f, _context.Data.CreateEnumerable<Other>(data, false, ignoreMissingColumns: true).Single().Number);
        Assert.ThrowsExactly<InvalidOperationException>(() => _context.Data.CreateEnumerable<WrongType>(data, false).ToArray());
    }
}
