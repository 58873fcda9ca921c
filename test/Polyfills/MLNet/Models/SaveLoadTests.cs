using System.IO.Compression;
using GradientStability.Polyfills.MLNet.Tests.Chains;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests.Models;

[TestClass]
public sealed class SaveLoadTests
{
    private readonly MLContext _context = new(seed: 1);

    private sealed class Row
    {
        public float Value { get; set; }

        [VectorType(2)]
        public float[]? Features { get; set; }

        public string? Text { get; set; }

        [KeyType(3)]
        public uint Label { get; set; }
    }

    private IDataView Data => _context.Data.LoadFromEnumerable([new Row { Value = 1, Features = [1, 2], Text = "a" }]);

    [TestMethod]
    public void A_model_comes_back_with_its_schema()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Label"].AddAnnotation("KeyValues", new[] { "x", "y", "z" }, new VectorDataViewType(TextDataViewType.Instance, 3));
        definition["Features"].AddAnnotation("IsNormalized", true, BooleanDataViewType.Instance);
        var data = _context.Data.LoadFromEnumerable([new Row { Value = 5, Features = [1, 2] }], definition);
        var model = _context.Transforms.Concatenate("All", "Value", "Features").Append(_context.Transforms.CopyColumns("Copy", "All")).Fit(data);
        using var file = new TemporaryFile();
        _context.Model.Save(model, data.Schema, file.Path);
        var loaded = new MLContext().Model.Load(file.Path, out var schema);

        CollectionAssert.AreEqual(data.Schema.Select(c => $"{c}").ToArray(), schema.Select(c => $"{c}").ToArray());
        CollectionAssert.AreEqual(new[] { "x", "y", "z" }, schema["Label"].KeyTexts());
        Assert.IsTrue(schema["Features"].IsNormalized());
        Assert.IsInstanceOfType<TransformerChain<ITransformer>>(loaded);
        CollectionAssert.AreEqual(new[] { 5f, 1f, 2f }, loaded.Transform(data).Rows<float>("Copy")[0]);
    }

    [TestMethod]
    public void The_entries_carry_the_names_of_ML_NET()
    {
        var model = _context.Transforms.CopyColumns("Copy", "Value").Append(_context.Transforms.CopyColumns("Again", "Copy")).Fit(Data);
        using var stream = new MemoryStream();
        _context.Model.Save(model, Data.Schema, stream);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
        var names = archive.Entries.Select(e => e.FullName.Replace('\\', '/')).ToArray();
        CollectionAssert.IsSubsetOf(new[]
        {
            "TrainingInfo/Version.txt", "Schema", "TransformerChain/Model.key", "TransformerChain/Transform_000/Model.key",
            "TransformerChain/Transform_001/Model.key",
        }, names);
    }

    [TestMethod]
    public void An_external_transformer_is_saved_as_the_chain_it_hands_on()
    {
        var model = new TransformerChain<ITransformer>(_context.Transforms.CopyColumns("Copy", "Value").Fit(Data), new DoublingTransformer(_context));
        using var stream = new MemoryStream();
        _context.Model.Save(model, Data.Schema, stream);
        stream.Position = 0;
        var loaded = new MLContext().Model.Load(stream, out _);

        var chain = (TransformerChain<ITransformer>)loaded;
        Assert.AreEqual(2, chain.Count());
        Assert.IsInstanceOfType<TransformerChain<ITransformer>>(chain.Last());
        CollectionAssert.AreEqual(new[] { 1f }, loaded.Transform(Data).Scalars<float>("Again"));

        stream.Position = 0;
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
        Assert.IsTrue(archive.Entries.Any(e => e.FullName.Replace('\\', '/') == "TransformerChain/Transform_001/Transform_001/Model.key"));
    }

    [TestMethod]
    public void A_loaded_model_can_be_saved_again()
    {
        var model = _context.Transforms.CopyColumns("Copy", "Value").Append(_context.Transforms.CopyColumns("Again", "Copy")).Fit(Data);
        var again = model.SaveAndLoad(Data.Schema).SaveAndLoad(Data.Schema);
        CollectionAssert.AreEqual(new[] { 1f }, again.Transform(Data).Scalars<float>("Again"));
    }

    [TestMethod]
    public void A_model_may_be_saved_without_a_schema()
    {
        using var stream = new MemoryStream();
        _context.Model.Save(_context.Transforms.CopyColumns("Copy", "Value").Fit(Data), null, stream);
        stream.Position = 0;
        var loaded = _context.Model.Load(stream, out var schema);
        Assert.IsNull(schema);
        CollectionAssert.AreEqual(new[] { 1f }, loaded.Transform(Data).Scalars<float>("Copy"));
    }

    [TestMethod]
    public void What_is_no_model_is_refused()
    {
        using var text = new MemoryStream("not a zip file"u8.ToArray());
        Assert.ThrowsExactly<FormatException>(() => _context.Model.Load(text, out _));
        Assert.ThrowsExactly<FileNotFoundException>(() => _context.Model.Load(Path.Combine(Path.GetTempPath(), "no-such-model.zip"), out _));

        using var empty = new MemoryStream();
        using (var archive = new ZipArchive(empty, ZipArchiveMode.Create, leaveOpen: true))
            archive.CreateEntry("Something").Open().Dispose();
        empty.Position = 0;
        Assert.ThrowsExactly<InvalidOperationException>(() => _context.Model.Load(empty, out _));
    }

    [TestMethod]
    public void A_damaged_entry_is_refused()
    {
        using var stream = new MemoryStream();
        _context.Model.Save(_context.Transforms.CopyColumns("Copy", "Value").Fit(Data), null, stream);
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            var entry = archive.Entries.Single(e => e.FullName.EndsWith("Model.key", StringComparison.Ordinal));
            var name = entry.FullName;
            entry.Delete();
            using var damaged = archive.CreateEntry(name).Open();
            damaged.Write(new byte[300]);
        }
        stream.Position = 0;
        Assert.ThrowsExactly<FormatException>(() => _context.Model.Load(stream, out _));
    }

    [TestMethod]
    public void An_unwritable_path_is_refused()
    {
        var model = _context.Transforms.CopyColumns("Copy", "Value").Fit(Data);
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "model.zip");
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => _context.Model.Save(model, Data.Schema, path));
    }
}
