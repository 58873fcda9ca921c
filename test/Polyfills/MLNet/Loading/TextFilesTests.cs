using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests.Loading;

[TestClass]
public sealed class TextFilesTests
{
    private static readonly TextLoader.Column[] Columns = [new("Value", DataKind.Single, 0), new("Text", DataKind.String, 1)];

    private readonly MLContext _ml = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [TestCleanup]
    public void Remove() => _folder.Delete(recursive: true);

    [TestMethod]
    public void Several_files_are_read_one_after_the_other_each_without_its_header()
    {
        string[] paths = [Write("b.csv", "value,text\n1,one\n2,two"), Write("a.csv", "value,text\n3,three\n")];
        var loader = _ml.Data.CreateTextLoader(Columns, separatorChar: ',', hasHeader: true);
        var data = loader.Load(paths);

        CollectionAssert.AreEqual(new float[] { 1, 2, 3 }, data.Scalars<float>("Value"));
        CollectionAssert.AreEqual(new[] { "one", "two", "three" }, data.Texts("Text"));
        CollectionAssert.AreEqual(new float[] { 3 }, loader.Load(new MultiFileSource(paths[1])).Scalars<float>("Value"));
        CollectionAssert.AreEqual(new[] { "Value", "Text" }, loader.GetOutputSchema().Select(column => column.Name).ToArray());
        Assert.IsFalse(data.CanShuffle);
    }

    [TestMethod]
    public void Positions_run_on_through_the_files()
    {
        string[] paths = [Write("1.txt", "1\n2\n"), Write("2.txt", ""), Write("3.txt", "3\n")];
        var data = _ml.Data.CreateTextLoader(Columns).Load(paths);
        using var cursor = data.GetRowCursor(data.Schema);
        for (var i = 0; i < 3; i++)
        {
            Assert.IsTrue(cursor.MoveNext());
            Assert.AreEqual(i, cursor.Position);
        }
        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void Wildcards_find_files_in_the_order_of_their_names()
    {
        Write("part-2.csv", "2,b\n");
        Write("part-1.csv", "1,a\n");
        Write("other.txt", "9,z\n");
        var data = _ml.Data.LoadFromTextFile(Path.Combine(_folder.FullName, "part-*.csv"), Columns, separatorChar: ',');
        CollectionAssert.AreEqual(new float[] { 1, 2 }, data.Scalars<float>("Value"));

        var source = new MultiFileSource(Path.Combine(_folder.FullName, "part-?.csv"), Path.Combine(_folder.FullName, "other.txt"));
        Assert.AreEqual(3, source.Count);
        Assert.AreEqual(Path.Combine(_folder.FullName, "other.txt"), source.GetPathOrNull(2));
        using var reader = source.OpenTextReader(1);
        Assert.AreEqual("2,b", reader.ReadLine());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => source.GetPathOrNull(3));
    }

    [TestMethod]
    public void Patterns_may_be_joined_by_a_plus()
    {
        var (one, two) = (Write("one.csv", "1,a\n"), Write("two.csv", "2,b\n"));
        var data = _ml.Data.LoadFromTextFile($"{two}+{Path.Combine(_folder.FullName, "o*.csv")}", Columns, separatorChar: ',');
        CollectionAssert.AreEqual(new float[] { 2, 1 }, data.Scalars<float>("Value"));
        Assert.AreEqual(1, new MultiFileSource(one).Count);
    }

    [TestMethod]
    public void A_pattern_without_a_match_is_an_error() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(
        () => _ml.Data.LoadFromTextFile(Path.Combine(_folder.FullName, "*.none"), Columns));

    [TestMethod]
    public void A_file_that_is_gone_is_told_of_when_it_is_read()
    {
        var path = Write("gone.csv", "1,a\n");
        var data = _ml.Data.LoadFromTextFile(path, Columns, separatorChar: ',');
        File.Delete(path);
        var error = Assert.ThrowsExactly<FormatException>(() => data.Scalars<float>("Value"));
        StringAssert.Contains(error.ToString(), path);

        var loader = _ml.Data.CreateTextLoader(Columns);
        Assert.ThrowsExactly<FormatException>(() => loader.Load(path).Scalars<float>("Value"));
    }

    [TestMethod]
    public void A_file_that_shrinks_while_it_is_read_ends_early()
    {
        var path = Write("shrinks.csv", string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i},text\n")));
        var data = _ml.Data.LoadFromTextFile(path, Columns, separatorChar: ',');
        using var cursor = data.GetRowCursor(data.Schema);
        var rows = 0;
        while (cursor.MoveNext())
        {
            if (++rows != 5)
                continue;
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(0);
        }
        Assert.IsLessThan(200_000, rows);
        Assert.IsEmpty(data.Scalars<float>("Value"));
    }

    [TestMethod]
    public void The_limit_of_rows_counts_over_all_files()
    {
        string[] paths = [Write("1.txt", "1\n2\n"), Write("2.txt", "3\n4\n")];
        var loader = _ml.Data.CreateTextLoader(new TextLoader.Options { Columns = Columns, MaxRows = 3 });
        CollectionAssert.AreEqual(new float[] { 1, 2, 3 }, loader.Load(paths).Scalars<float>("Value"));
    }

    [TestMethod]
    public void A_sample_gives_the_width_and_the_names()
    {
        var sample = Write("sample.csv", "y,a,b\n1,2,3\n");
        var other = Write("other.csv", "y,c,d\n4,5,6\n");
        TextLoader.Column[] columns = [new("Label", DataKind.Single, 0), new("Features", DataKind.Single, [new(1, null)])];
        var loader = _ml.Data.CreateTextLoader(columns, ',', hasHeader: true, new MultiFileSource(sample));
        var data = loader.Load(other);

        CollectionAssert.AreEqual(new[] { "a", "b" }, data.SlotNames("Features"));
        CollectionAssert.AreEqual(new float[] { 5, 6 }, data.Rows<float>("Features")[0]);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.CreateTextLoader(columns, ',', hasHeader: true));
    }

    [TestMethod]
    public void Without_columns_there_are_a_label_and_features()
    {
        var path = Write("plain.tsv", "1\t2\t3\n");
        var data = _ml.Data.CreateTextLoader(new TextLoader.Options(), new MultiFileSource(path)).Load(path);
        CollectionAssert.AreEqual(new[] { "Label", "Features" }, data.Schema.Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(new float[] { 2, 3 }, data.Rows<float>("Features")[0]);
    }

    [TestMethod]
    public void A_class_describes_the_columns_of_a_loader()
    {
        var path = Write("class.csv", "flag;kind;a;b\nyes;2;1,5;\nno;0;\"2;\";7\n");
        var loader = _ml.Data.CreateTextLoader<Described>(separatorChar: ';', hasHeader: true, allowQuoting: true);
        var data = loader.Load(path);
        CollectionAssert.AreEqual(new[] { true, false }, data.Scalars<bool>("Flag"));
        CollectionAssert.AreEqual(new uint[] { 3, 1 }, data.Scalars<uint>("Label"));
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 3), data.Schema["Label"].Type);
        CollectionAssert.AreEqual(new[] { "1,5", "2;" }, data.Rows<ReadOnlyMemory<char>>("Texts").Select(row => row[0].ToString()).ToArray());

        var options = new TextLoader.Options { Separators = [';'], HasHeader = true, AllowQuoting = true, MaxRows = 1 };
        Assert.HasCount(1, _ml.Data.CreateTextLoader<Described>(options).Load(path).Scalars<bool>("Flag"));
        Assert.HasCount(1, _ml.Data.LoadFromTextFile<Described>(path, options).Scalars<bool>("Flag"));
    }

    [TestMethod]
    public void Any_of_several_separators_ends_a_field()
    {
        var path = Write("mixed.txt", "1,2;3 4\t5\n");
        var data = _ml.Data.LoadFromTextFile(path, new TextLoader.Options
        {
            Columns = [new("Numbers", DataKind.Single, 0, 4)],
            Separators = [',', ';', ' ', '\t'],
        });
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5 }, data.Rows<float>("Numbers")[0]);
    }

    [TestMethod]
    public void Whitespace_at_the_end_of_a_line_is_trimmed_where_the_options_say_so()
    {
        var path = Write("space.csv", " a ,b  \nc,d\t\n");
        TextLoader.Column[] texts = [new("First", DataKind.String, 0), new("Last", DataKind.String, 1)];
        CollectionAssert.AreEqual(new[] { "b", "d" },
            _ml.Data.LoadFromTextFile(path, texts, separatorChar: ',', trimWhitespace: true).Texts("Last"));
        CollectionAssert.AreEqual(new[] { "b  ", "d\t" }, _ml.Data.LoadFromTextFile(path, texts, separatorChar: ',').Texts("Last"));
    }

    [TestMethod]
    public void Lines_of_the_wrong_width_lose_or_lack_fields()
    {
        var path = Write("width.csv", "1,2,3,4\n5\n6,7,8\n");
        var data = _ml.Data.LoadFromTextFile(path, [new("Numbers", DataKind.Single, 0, 2)], separatorChar: ',');
        var rows = data.Rows<float>("Numbers");
        CollectionAssert.AreEqual(new float[] { 1, 2, 3 }, rows[0]);
        CollectionAssert.AreEqual(new float[] { 5, 0, 0 }, rows[1]);
        CollectionAssert.AreEqual(new float[] { 6, 7, 8 }, rows[2]);
    }

    [TestMethod]
    public void A_flag_that_is_none_is_an_error_with_its_place()
    {
        var path = Write("flags.csv", "yes\nmaybe\n");
        var data = _ml.Data.LoadFromTextFile(path, [new("Flag", DataKind.Boolean, 0)]);
        var error = Assert.ThrowsExactly<FormatException>(() => data.Scalars<bool>("Flag"));
        StringAssert.Contains(error.Message, "maybe");
        StringAssert.Contains(error.Message, "line 2");
    }

    [TestMethod]
    public void Keys_of_every_width_are_read()
    {
        var path = Write("keys.csv", "0,1,2\n3,0,9\n");
        TextLoader.Column[] columns =
        [
            new("Byte", DataKind.Byte, [new(0)], new KeyCount(3)),
            new("Long", DataKind.UInt64, [new(0)], new KeyCount(4)),
            new("Vector", DataKind.UInt16, [new(1, 2)], new KeyCount(3)),
            new("Any", DataKind.UInt32, [new(2)], new KeyCount()),
        ];
        var data = _ml.Data.LoadFromTextFile(path, columns, separatorChar: ',');
        CollectionAssert.AreEqual(new byte[] { 1, 0 }, data.Scalars<byte>("Byte"));
        CollectionAssert.AreEqual(new ulong[] { 1, 4 }, data.Scalars<ulong>("Long"));
        CollectionAssert.AreEqual(new ushort[] { 2, 3 }, data.Rows<ushort>("Vector")[0]);
        CollectionAssert.AreEqual(new ushort[] { 1, 0 }, data.Rows<ushort>("Vector")[1]);
        CollectionAssert.AreEqual(new uint[] { 3, 10 }, data.Scalars<uint>("Any"));
        Assert.AreEqual(new KeyDataViewType(typeof(uint), uint.MaxValue), data.Schema["Any"].Type);
        Assert.Throws<Exception>(() => _ml.Data.LoadFromTextFile(path, [new("Bad", DataKind.Single, [new(0)], new KeyCount(3))], ','));
    }

    [TestMethod]
    public void A_loader_can_be_previewed()
    {
        var path = Write("preview.csv", "1\tone\n2\ttwo\n");
        var preview = _ml.Data.CreateTextLoader(Columns).Preview(new MultiFileSource(path), maxRows: 1);
        Assert.AreEqual("one", preview.RowView.Single().Values[1].Value.ToString());
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    private sealed class Described
    {
        [LoadColumn(0)]
        public bool Flag { get; set; }

        [LoadColumn(1), ColumnName("Label"), KeyType(3)]
        public uint Kind { get; set; }

        [LoadColumn([2, 3])]
        public string[] Texts { get; set; } = [];
    }
}
