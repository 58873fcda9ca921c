using System.Buffers.Binary;
using System.IO.Compression;
using Google.Protobuf;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.OnnxProto;

namespace Microsoft.ML.GradientStability.Tests.Catalog;

/// <summary>A damaged file is refused, or was damaged where it does not matter: it never scores otherwise.</summary>
[TestClass]
public sealed class DamagedFileTests
{
    private const int Mutants = 300;

    private static readonly MLContext s_ml = new(seed: 1);
    private static readonly IDataView s_rows = s_ml.Data.LoadFromEnumerable(Samples.Clusters(30));
    private static byte[] s_zip = [];
    private static byte[] s_onnx = [];
    private static float[] s_scores = [];
    private static string[] s_answers = [];
    private readonly string _file = Path.GetTempFileName();

    [ClassInitialize]
    public static void Train(TestContext _)
    {
        var pipeline = s_ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(s_ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()))
            .Append(s_ml.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel"));
        using var model = pipeline.Fit(s_rows);
        using var file = new MemoryStream();
        s_ml.Model.Save(model, s_rows.Schema, file);
        s_zip = file.ToArray();
        s_onnx = model.OfType<DeepNetworkTransformer>().Single().Onnx.ToArray();
        using var loaded = (IDisposable)Load(s_zip);
        (s_scores, s_answers) = Say((ITransformer)loaded);
    }

    [TestCleanup]
    public void Remove() => File.Delete(_file);

    [TestMethod]
    public void A_network_that_changed_is_refused()
    {
        var random = new Random(1);
        for (var i = 0; i < Mutants; i++)
        {
            var mutant = Mutate(s_onnx, random, i);
            if (mutant.AsSpan().SequenceEqual(s_onnx))
                continue;
            Assert.ThrowsExactly<InvalidDataException>(() => OnnxDigest.Open(mutant), $"mutant {i}");
            if (i % 10 > 0)
                continue;
            File.WriteAllBytes(_file, WithOnnx(mutant));
            var error = Assert.ThrowsExactly<InvalidDataException>(() => s_ml.Model.LoadFrom(_file, out _), $"mutant {i}");
            StringAssert.Contains(error.Message, _file);
            StringAssert.Contains(error.Message, "damaged");
        }
    }

    /// <summary>By ML.NET alone it may load; what our code reads of it does not.</summary>
    [TestMethod]
    public void What_ML_NET_loads_is_checked_where_options_or_weights_are_read()
    {
        var other = ModelProto.Parser.ParseFrom(s_onnx);
        var weight = other.Graph.Initializer.First(c => c.Name.EndsWith("linear.weight", StringComparison.Ordinal));
        var values = weight.RawData.ToByteArray();
        values[^1] ^= 0x40;
        weight.RawData = ByteString.CopyFrom(values);
        using var loaded = (IDisposable)Load(WithOnnx(other.ToByteArray()));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => ((ITransformer)loaded).GetDeepNetworkOptions()).Message, "digest");
        var keyed = Samples.KeyedClusters(s_ml);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(
            () => s_ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()).Fit(keyed, (ITransformer)loaded)).Message, "digest");
    }

    [TestMethod]
    public void A_model_file_that_changed_is_refused_or_says_the_same()
    {
        var random = new Random(2);
        var refused = 0;
        for (var i = 0; i < Mutants; i++)
        {
            File.WriteAllBytes(_file, Mutate(s_zip, random, i));
            ITransformer loaded;
            try
            {
                loaded = s_ml.Model.LoadFrom(_file, out _);
            }
            catch (InvalidDataException error)
            {
                StringAssert.Contains(error.Message, _file);
                refused++;
                continue;
            }
            using var disposed = (IDisposable)loaded;
            var (scores, answers) = Say(loaded);
            CollectionAssert.AreEqual(s_scores, scores, $"mutant {i}");
            CollectionAssert.AreEqual(s_answers, answers, $"mutant {i}");
        }
        Assert.IsGreaterThan(Mutants / 2, refused);
    }

    [TestMethod]
    public void Weights_in_other_files_are_refused_by_name()
    {
        var model = ModelProto.Parser.ParseFrom(s_onnx);
        // TensorProto.external_data is field 13, data_location field 14; the entry names the file.
        byte[] external = [0x6A, 0x17, 0x0A, 0x08, .. "location"u8, 0x12, 0x0B, .. "weights.bin"u8, 0x70, 0x01];
        var tensor = model.Graph.Initializer[0];
        tensor.RawData = ByteString.Empty;
        model.Graph.Initializer[0] = TensorProto.Parser.ParseFrom((byte[])[.. tensor.ToByteArray(), .. external]);
        File.WriteAllBytes(_file, WithOnnx(model.ToByteArray()));
        var error = Assert.ThrowsExactly<InvalidDataException>(() => s_ml.Model.LoadFrom(_file, out _));
        StringAssert.Contains(error.Message, "'weights.bin' (external data)");
    }

    /// <summary>1.5 MB that inflate to 1.5 GB.</summary>
    [TestMethod]
    public void An_archive_that_inflates_beyond_measure_is_refused_before_it_takes_memory()
    {
        using (var zip = new ZipArchive(File.Create(_file), ZipArchiveMode.Create))
        {
            using var entry = zip.CreateEntry("TransformerChain\\Transform_000\\OnnxModel", CompressionLevel.SmallestSize).Open();
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 1500; i++)
                entry.Write(zeros);
        }
        Assert.IsLessThan(2_000_000, new FileInfo(_file).Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.ThrowsExactly<InvalidDataException>(() => s_ml.Model.LoadFrom(_file, out _));
        StringAssert.Contains(error.Message, "inflates");
        Assert.IsLessThan(10_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Entries that say that they are as long as memory is.</summary>
    [TestMethod]
    [DataRow(int.MaxValue)]
    [DataRow(-1)]
    [DataRow(0)]
    public void A_declared_length_is_not_believed(int length)
    {
        byte[] content = [.. new byte[4], .. s_onnx];
        BinaryPrimitives.WriteInt32LittleEndian(content, length);
        File.WriteAllBytes(_file, With(content));
        var before = GC.GetAllocatedBytesForCurrentThread();
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => s_ml.Model.LoadFrom(_file, out _)).Message, "says another number");
        Assert.IsLessThan(10_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void What_is_no_model_is_refused_and_what_is_missing_is_not_found()
    {
        foreach (var content in new byte[][] { [], [1, 2, 3], [.. "PK"u8], s_onnx, s_zip[..(s_zip.Length / 2)] })
        {
            File.WriteAllBytes(_file, content);
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => s_ml.Model.LoadFrom(_file, out _)).Message, _file);
        }
        Assert.ThrowsExactly<FileNotFoundException>(() => s_ml.Model.LoadFrom(_file + ".missing", out _));
    }

    /// <summary>A few flipped bits, changed bytes, a hole, a lost end, or a stretch that is there twice.</summary>
    private static byte[] Mutate(byte[] file, Random random, int kind)
    {
        var at = random.Next(file.Length);
        var length = Math.Min(random.Next(1, 64), file.Length - at);
        var mutant = (byte[])file.Clone();
        switch (kind % 5)
        {
            case 0:
                mutant[at] ^= (byte)(1 << random.Next(8));
                return mutant;
            case 1:
                random.NextBytes(mutant.AsSpan(at, length));
                return mutant;
            case 2:
                return [.. file[..at], .. file[(at + length)..]];
            case 3:
                return file[..at];
            default:
                return [.. file[..(at + length)], .. file[at..]];
        }
    }

    private static byte[] WithOnnx(byte[] onnx)
    {
        byte[] content = [.. new byte[4], .. onnx];
        BinaryPrimitives.WriteInt32LittleEndian(content, onnx.Length);
        return With(content);
    }

    /// <summary>The model with other content in the entry of its network, and the checksums of a whole archive.</summary>
    private static byte[] With(byte[] content)
    {
        using var file = new MemoryStream();
        file.Write(s_zip);
        using (var zip = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
        {
            var entry = zip.Entries.Single(OnnxEntry.Is);
            var name = entry.FullName;
            entry.Delete();
            using var stream = zip.CreateEntry(name).Open();
            stream.Write(content);
        }
        return file.ToArray();
    }

    private static ITransformer Load(byte[] zip) => EveryTask.Load(zip, out _);

    private static (float[] Scores, string[] Answers) Say(ITransformer model)
    {
        var scored = model.Transform(s_rows);
        return (EveryTask.Scores(model, s_rows), [.. scored.GetColumn<string>("Answer")]);
    }
}
