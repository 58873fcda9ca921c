using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace GradientStability.Polyfills.MLNet.Tests.Loading;

[TestClass]
public sealed class TextLoaderTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Columns_are_read_from_their_fields()
    {
        using var file = new TemporaryFile("a,b,c,d\r\n1,2.5,-3e2,first\r\n4,,6,second\r\n");
        var data = _context.Data.LoadFromTextFile(file.Path,
            [new("Numbers", DataKind.Single, 0, 2), new("Text", DataKind.String, 3), new("First", DataKind.Int32, 0)],
            separatorChar: ',', hasHeader: true);

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), data.Schema["Numbers"].Type);
        Assert.AreEqual(TextDataViewType.Instance, data.Schema["Text"].Type);
        Assert.IsNull(data.GetRowCount());
        var rows = data.Rows<float>("Numbers");
        CollectionAssert.AreEqual(new[] { 1f, 2.5f, -300f }, rows[0]);
        CollectionAssert.AreEqual(new[] { 4f, 0f, 6f }, rows[1], "an empty field is zero");
        CollectionAssert.AreEqual(new[] { "first", "second" }, data.Texts("Text"));
        CollectionAssert.AreEqual(new[] { 1, 4 }, data.Scalars<int>("First"));
    }

    [TestMethod]
    public void Missing_reals_are_NaN()
    {
        using var file = new TemporaryFile("1,?\n2,NaN\n3,na\n4,x\n");
        var data = _context.Data.LoadFromTextFile(file.Path, [new("Value", DataKind.Single, 1)], separatorChar: ',');
        CollectionAssert.AreEqual(new[] { float.NaN, float.NaN, float.NaN, float.NaN }, data.Scalars<float>("Value"));
    }

    [TestMethod]
    public void Empty_reals_are_NaN_where_the_options_say_so()
    {
        using var file = new TemporaryFile("1,,3\n4\n");
        var data = _context.Data.LoadFromTextFile(file.Path, new TextLoader.Options
        {
            Columns = [new("Numbers", DataKind.Single, 0, 2)],
            Separators = [','],
            MissingRealsAsNaNs = true,
        });
        var rows = data.Rows<float>("Numbers");
        CollectionAssert.AreEqual(new[] { 1f, float.NaN, 3f }, rows[0]);
        CollectionAssert.AreEqual(new[] { 4f, float.NaN, float.NaN }, rows[1]);
    }

    [TestMethod]
    public void Fields_that_a_line_lacks_are_zero_or_empty()
    {
        using var file = new TemporaryFile("1,2,3\n4\n");
        var data = _context.Data.LoadFromTextFile(file.Path,
            [new("Numbers", DataKind.Single, 0, 1), new("Text", DataKind.String, 2), new("Last", DataKind.Int32, 2)], separatorChar: ',');
        CollectionAssert.AreEqual(new[] { 4f, 0f }, data.Rows<float>("Numbers")[1]);
        CollectionAssert.AreEqual(new[] { "3", "" }, data.Texts("Text"));
        CollectionAssert.AreEqual(new[] { 3, 0 }, data.Scalars<int>("Last"));
    }

    [TestMethod]
    public void An_integer_that_cannot_be_read_is_an_error()
    {
        using var file = new TemporaryFile("1\nx\n");
        var data = _context.Data.LoadFromTextFile(file.Path, [new("Value", DataKind.Int32, 0)]);
        Assert.Throws<Exception>(() => data.Scalars<int>("Value"));
    }

    [TestMethod]
    public void Bad_reals_are_told_to_the_log()
    {
        var messages = new List<(ChannelMessageKind Kind, string? Text)>();
        _context.Log += (_, e) =>
        {
            lock (messages)
                messages.Add((e.Kind, e.RawMessage));
        };
        using var file = new TemporaryFile("1\nx\n3\n");
        var data = _context.Data.LoadFromTextFile(file.Path, [new("Value", DataKind.Single, 0)]);
        CollectionAssert.AreEqual(new[] { 1f, float.NaN, 3f }, data.Scalars<float>("Value"));
        lock (messages)
            CollectionAssert.Contains(messages, (ChannelMessageKind.Info, "  Bad value at line 2 in column Value"));
    }

    [TestMethod]
    public void Quoted_fields_hold_separators_and_quotes()
    {
        using var file = new TemporaryFile("\"a, b\",1\n\"say \"\"hi\"\"\" ,2\n  plain,3\n\"\",4\n\"open,5\n");
        var data = _context.Data.LoadFromTextFile(file.Path, [new("Text", DataKind.String, 0), new("Value", DataKind.Single, 1)],
            separatorChar: ',', allowQuoting: true);
        CollectionAssert.AreEqual(new[] { "a, b", "say \"hi\"", "plain", "", "" }, data.Texts("Text"));
        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f, 4f, 0f }, data.Scalars<float>("Value"));
    }

    [TestMethod]
    public void Without_quoting_quotes_are_characters()
    {
        using var file = new TemporaryFile("\"a,b\"\n");
        var data = _context.Data.LoadFromTextFile(file.Path, [new("Text", DataKind.String, 0)], separatorChar: ',');
        CollectionAssert.AreEqual(new[] { "\"a" }, data.Texts("Text"));
    }

    [TestMethod]
    public void Empty_lines_and_comments_are_left_out()
    {
        using var file = new TemporaryFile("# written by a tool\n\n// a comment\nheader\n1\n\n// another\n2\n");
        var data = _context.Data.LoadFromTextFile(file.Path, [new("Value", DataKind.Single, 0)], hasHeader: true);
        CollectionAssert.AreEqual(new[] { 1f, 2f }, data.Scalars<float>("Value"));
    }

    [TestMethod]
    public void Lines_may_end_in_any_way_and_be_long()
    {
        var wide = string.Join(',', Enumerable.Range(0, 20_000));
        using var file = new TemporaryFile($"{wide}\r{wide}\r\n{wide}\n{wide}");
        var data = _context.Data.LoadFromTextFile(file.Path, [new("Numbers", DataKind.Single, 0, 19_999)], separatorChar: ',');
        var rows = data.Rows<float>("Numbers");
        Assert.AreEqual(4, rows.Length);
        Assert.IsTrue(rows.All(row => row[0] == 0 && row[19_999] == 19_999));
    }

    [TestMethod]
    public void Options_with_a_header_name_the_slots()
    {
        using var file = new TemporaryFile("Label, width ,height\n1,2,3\n");
        var data = _context.Data.LoadFromTextFile(file.Path, new TextLoader.Options
        {
            Columns = [new("Label", DataKind.Single, 0), new("Features", DataKind.Single, [new TextLoader.Range(1, null)])],
            Separators = [','],
            HasHeader = true,
        });
        Assert.AreEqual(2, ((VectorDataViewType)data.Schema["Features"].Type).Size);
        CollectionAssert.AreEqual(new[] { "width", "height" }, data.SlotNames("Features"));
        Assert.IsFalse(data.Schema["Label"].HasSlotNames());
    }

    [TestMethod]
    public void Open_ranges_need_lines_of_one_size()
    {
        using var file = new TemporaryFile("1,2,3\n1,2\n");
        var options = new TextLoader.Options { Columns = [new("All", DataKind.Single, [new TextLoader.Range(0, null)])], Separators = [','] };
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.LoadFromTextFile(file.Path, options));
    }

    [TestMethod]
    public void Several_ranges_make_one_vector()
    {
        using var file = new TemporaryFile("0,1,2,3,4\n");
        var data = _context.Data.LoadFromTextFile(file.Path,
            [new("Some", DataKind.Single, [new TextLoader.Range(3, 4), new TextLoader.Range(1)])], separatorChar: ',');
        CollectionAssert.AreEqual(new[] { 3f, 4f, 1f }, data.Rows<float>("Some")[0]);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.LoadFromTextFile(file.Path,
            [new("Some", DataKind.Single, [new TextLoader.Range(1, 3), new TextLoader.Range(3)])], separatorChar: ','));
    }

    [TestMethod]
    public void Keys_are_read_as_numbers_from_zero()
    {
        using var file = new TemporaryFile("0\n2\n?\n3\n");
        var data = _context.Data.LoadFromTextFile(file.Path, [new("Label", DataKind.UInt32, [new TextLoader.Range(0)], new KeyCount(3))]);
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 3), data.Schema["Label"].Type);
        CollectionAssert.AreEqual(new[] { 1u, 3u, 0u, 0u }, data.Scalars<uint>("Label"));
    }

    [TestMethod]
    public void Booleans_are_read_from_words_and_digits()
    {
        using var file = new TemporaryFile("true\n0\nYes\nf\n");
        var data = _context.Data.LoadFromTextFile(file.Path, [new("Flag", DataKind.Boolean, 0)]);
        CollectionAssert.AreEqual(new[] { true, false, true, false }, data.Scalars<bool>("Flag"));
    }

    private sealed class Flower
    {
        [LoadColumn(0), ColumnName("Label")]
        public string? Kind { get; set; }

        [LoadColumn(1, 2)]
        public float[]? Features { get; set; }

        [LoadColumn(3)]
        public double Weight { get; set; }
    }

    [TestMethod]
    public void A_class_describes_the_columns()
    {
        using var file = new TemporaryFile("Kind;A;B;W\nrose;1;2;0.1\n");
        var data = _context.Data.LoadFromTextFile<Flower>(file.Path, separatorChar: ';', hasHeader: true);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 2), data.Schema["Features"].Type);
        CollectionAssert.AreEqual(new[] { "rose" }, data.Texts("Label"));
        CollectionAssert.AreEqual(new[] { 1f, 2f }, data.Rows<float>("Features")[0]);
        CollectionAssert.AreEqual(new[] { 0.1 }, data.Scalars<double>("Weight"));
    }

    private sealed class Undescribed
    {
        public float Value { get; set; }
    }

    [TestMethod]
    public void A_member_without_LoadColumn_is_an_error()
    {
        using var file = new TemporaryFile("1\n");
        Assert.ThrowsExactly<InvalidOperationException>(() => _context.Data.LoadFromTextFile<Undescribed>(file.Path));
    }

    [TestMethod]
    public void A_file_that_is_not_there_is_an_error()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.LoadFromTextFile(path, [new("Value", DataKind.Single, 0)]));
    }

    [TestMethod]
    public void Text_outlives_its_row()
    {
        using var file = new TemporaryFile("one\ntwo\nthree\n");
        var data = _context.Data.LoadFromTextFile(file.Path, [new("Text", DataKind.String, 0)]);
        var kept = data.Scalars<ReadOnlyMemory<char>>("Text");
        CollectionAssert.AreEqual(new[] { "one", "two", "three" }, kept.Select(text => text.ToString()).ToArray());
    }

    [TestMethod]
    public void MaxRows_ends_the_rows()
    {
        using var file = new TemporaryFile("1\n2\n3\n");
        var data = _context.Data.LoadFromTextFile(file.Path, new TextLoader.Options { Columns = [new("Value", DataKind.Single, 0)], MaxRows = 2 });
        CollectionAssert.AreEqual(new[] { 1f, 2f }, data.Scalars<float>("Value"));
    }
}
