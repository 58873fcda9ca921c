using System.Runtime.Versioning;


namespace Microsoft.ML.GradientStability.Tests.Catalog;

/// <summary>A saved file is whole or not there, whatever happens to the process and the disk.</summary>
[TestClass]
public sealed class ModelFileTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("model-file").FullName;

    [TestCleanup]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    private string In(string name) => Path.Combine(_folder, name);

    private DeepNetworkTransformer Fit(out IDataView data)
    {
        data = EveryTask.Load(_ml, EveryTask.Rows());
        return EveryTask.Fit(_ml, EveryTask.Binary, data, o => o.Epochs = 1);
    }

    [TestMethod]
    public void A_model_is_saved_and_loaded_and_says_the_same()
    {
        using var model = Fit(out var data);
        model.SaveTo(In("model.zip"), data.Schema);
        var loaded = new MLContext().Model.LoadFrom(In("model.zip"), out var schema);
        CollectionAssert.AreEqual(data.Schema.Select(c => c.Name).ToArray(), schema.Select(c => c.Name).ToArray());
        CollectionAssert.AreEqual(EveryTask.Scores(model, data), EveryTask.Scores(loaded, data));
        loaded.SaveTo(In("again.zip"), schema);
        ((IDisposable)loaded).Dispose();
        using var again = (IDisposable)new MLContext().Model.LoadFrom(In("again.zip"), out _);
        CollectionAssert.AreEqual(EveryTask.Scores(model, data), EveryTask.Scores((ITransformer)again, data));
        Assert.HasCount(2, Directory.GetFiles(_folder));

        using var byMlNet = (IDisposable)new MLContext().Model.Load(In("model.zip"), out _);
        _ml.Model.Save(model, data.Schema, In("of ML.NET.zip"));
        using var ofMlNet = (IDisposable)new MLContext().Model.LoadFrom(In("of ML.NET.zip"), out _);
        CollectionAssert.AreEqual(EveryTask.Scores((ITransformer)byMlNet, data), EveryTask.Scores((ITransformer)ofMlNet, data));
    }

    public static IEnumerable<object[]> Ways() =>
    [
        ["SaveTo", (DeepNetworkTransformer model, IDataView data, string path) => model.SaveTo(path, data.Schema)],
        ["SaveAsOnnx", (DeepNetworkTransformer model, IDataView data, string path) => { model.SaveAsOnnx(path, data); }],
    ];

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [UnsupportedOSPlatform("windows")]
    [DynamicData(nameof(Ways))]
    public void An_existing_file_keeps_its_mode(string way, Action<DeepNetworkTransformer, IDataView, string> save)
    {
        using var model = Fit(out var data);
        foreach (var mode in new[] { UnixFileMode.UserRead | UnixFileMode.UserWrite, (UnixFileMode)0b110_110_110, (UnixFileMode)0b111_101_100 })
        {
            File.WriteAllText(In("model"), "before");
            File.SetUnixFileMode(In("model"), mode);
            save(model, data, In("model"));
            Assert.AreEqual(mode, File.GetUnixFileMode(In("model")), way);
            Assert.IsGreaterThan(1000, new FileInfo(In("model")).Length, way);
        }
        Assert.HasCount(1, Directory.GetFiles(_folder));
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [DynamicData(nameof(Ways))]
    public void A_symbolic_link_stays_one(string way, Action<DeepNetworkTransformer, IDataView, string> save)
    {
        using var model = Fit(out var data);
        Directory.CreateDirectory(In("releases"));
        File.WriteAllText(In("releases/1"), "before");
        File.CreateSymbolicLink(In("newest"), "releases/1");
        File.CreateSymbolicLink(In("current"), "newest");
        File.CreateSymbolicLink(In("next"), "releases/2");
        save(model, data, In("current"));
        save(model, data, In("next"));
        Assert.AreEqual("newest", new FileInfo(In("current")).LinkTarget, way);
        Assert.AreEqual("releases/1", new FileInfo(In("newest")).LinkTarget, way);
        Assert.AreEqual("releases/2", new FileInfo(In("next")).LinkTarget, way);
        foreach (var release in new[] { "releases/1", "releases/2" })
        {
            Assert.IsNull(new FileInfo(In(release)).LinkTarget, way);
            Assert.IsGreaterThan(1000, new FileInfo(In(release)).Length, way);
        }
        Assert.HasCount(2, Directory.GetFiles(In("releases")));
    }

    [TestMethod]
    [DynamicData(nameof(Ways))]
    public void A_path_that_cannot_be_written_is_named_and_nothing_stays_behind(string way, Action<DeepNetworkTransformer, IDataView, string> save)
    {
        using var model = Fit(out var data);
        Directory.CreateDirectory(In("folder"));
        File.WriteAllText(In("file"), "before");
        foreach (var path in new[] { In("missing/model"), In("folder"), In("file/model"), In("model\0") })
        {
            var error = Assert.ThrowsExactly<IOException>(() => save(model, data, path), way);
            StringAssert.Contains(error.Message, $"Cannot write '{path}'");
        }
        Assert.HasCount(1, Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
        Assert.AreEqual("before", File.ReadAllText(In("file")));
    }

    /// <summary>While somebody reads the older model, the newer one takes its place.</summary>
    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [DynamicData(nameof(Ways))]
    public void A_file_that_is_being_read_can_be_replaced(string way, Action<DeepNetworkTransformer, IDataView, string> save)
    {
        using var model = Fit(out var data);
        File.WriteAllText(In("model"), "before");
        using var reader = File.OpenText(In("model"));
        save(model, data, In("model"));
        Assert.AreEqual("before", reader.ReadToEnd(), way);
        Assert.IsGreaterThan(1000, new FileInfo(In("model")).Length, way);
    }

    /// <summary>The child may not let a file grow: the system refuses as a full disk does.</summary>
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Without_room_the_older_model_stays_and_no_stump()
    {
        string[] files = [In("model.zip"), In("model.onnx")];
        foreach (var file in files)
            File.WriteAllText(file, "before");
        var errors = Child.Run("full", _folder);
        Assert.HasCount(2, errors);
        for (var i = 0; i < files.Length; i++)
        {
            StringAssert.StartsWith(errors[i], $"Cannot write '{files[i]}': ");
            StringAssert.Contains(errors[i], "room");
            Assert.AreEqual("before", File.ReadAllText(files[i]));
        }
        Assert.HasCount(2, Directory.GetFiles(_folder));
    }

    /// <summary>Killed at a moment of chance, somewhere between two models.</summary>
    [TestMethod]
    public void A_process_that_is_killed_leaves_a_whole_model()
    {
        var random = new Random(1);
        for (var i = 0; i < 4; i++)
        {
            using (var child = Child.Start("loop", In("model.zip"), _folder))
            {
                Assert.AreEqual("saved", child.StandardOutput.ReadLine());
                Thread.Sleep(random.Next(400));
                child.Kill();
                child.WaitForExit();
            }
            using var whole = new MLContext().Model.LoadFrom(In("model.zip"), out _) as IDisposable;
        }
    }

    /// <summary>In a process with a temporary folder of its own.</summary>
    [TestMethod]
    public void Nothing_stays_in_the_temporary_folder()
    {
        var temporary = Directory.CreateDirectory(In("temporary")).FullName;
        CollectionAssert.AreEqual(new[] { "fitted 0", "saved 0", "failed 0", "loaded 0", "disposed 0" }, Child.Run("leave", temporary, temporary));
    }
}
