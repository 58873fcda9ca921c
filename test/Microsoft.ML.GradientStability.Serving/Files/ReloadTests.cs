namespace Microsoft.ML.GradientStability.Serving.Tests.Files;

[TestClass]
public sealed class ReloadTests
{
    private static readonly float[] s_features = [1, 0, 0, 0];

    private readonly ModelFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    [TestMethod]
    public async Task A_reload_takes_the_file_that_stands_there_now()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier(factor: 1)));
        _folder.Replace(TestModels.Classifier(factor: 3));
        PredictorTests.Near(TestModels.Softmax(s_features, 1), (await predictor.PredictAsync(s_features)));
        predictor.Reload();
        PredictorTests.Near(TestModels.Softmax(s_features, 3), (await predictor.PredictAsync(s_features)));
        Assert.IsNull(predictor.RefusedReplacement);
    }

    [TestMethod]
    public async Task A_file_that_is_no_good_leaves_the_old_model_in_service()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier()));
        _folder.Write("no model"u8.ToArray());
        var refused = Assert.ThrowsExactly<ModelFileException>(predictor.Reload);
        Assert.AreEqual(refused.Message, predictor.RefusedReplacement);
        PredictorTests.Near(TestModels.Softmax(s_features), (await predictor.PredictAsync(s_features)));
        _folder.Write(TestModels.Classifier(factor: 2));
        predictor.Reload();
        Assert.IsNull(predictor.RefusedReplacement);
    }

    [TestMethod]
    public async Task A_file_that_fails_its_self_check_is_not_taken()
    {
        const string Check = """{"inputs":{"Features":[[0.6931472,0,0,0]]},"outputs":{"Score":[[0.5,0.25,0.25]]}}""";
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier().Metadata("selfcheck", Check)));
        _folder.Replace(TestModels.Classifier(factor: 1.01f).Metadata("selfcheck", Check));
        StringAssert.Contains(Assert.ThrowsExactly<ModelFileException>(predictor.Reload).Message, "its self-check fails");
        PredictorTests.Near(TestModels.Softmax(s_features), (await predictor.PredictAsync(s_features)));
    }

    [TestMethod]
    public void A_model_with_other_inputs_is_refused()
    {
        using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier(features: 4)));
        _folder.Replace(TestModels.Classifier(features: 5));
        StringAssert.Contains(Assert.ThrowsExactly<ModelFileException>(predictor.Reload).Message,
            "it is another kind of model: it takes Features: Single[5], and the model in service Features: Single[4]; start a service of its own for it");
        _folder.Replace(TestModels.Table());
        Assert.ThrowsExactly<ModelFileException>(predictor.Reload);
    }

    [TestMethod]
    public async Task A_row_that_was_rented_before_a_reload_is_scored_by_the_model_it_was_rented_from()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier(factor: 1)));
        var rows = predictor.Rent();
        s_features.CopyTo(rows.Values<float>(0, "Features"));
        _folder.Replace(TestModels.Classifier(factor: 3));
        predictor.Reload();
        PredictorTests.Near(TestModels.Softmax(s_features, 1), (await predictor.PredictAsync(rows))[0]);
    }

    /// <summary>How a deployment may replace a file.</summary>
    private void Replace(string how, OnnxFile model, int version)
    {
        switch (how)
        {
            case "rename":
                _folder.Replace(model);
                break;
            case "overwrite":
                _folder.Write(model);
                break;
            case "link":
                // As Kubernetes does it with a volume: a folder a version, and a link to it that is renamed over the last one.
                Directory.CreateDirectory(_folder[$"v{version}"]);
                _folder.Write(model, $"v{version}/model.onnx");
                Directory.CreateSymbolicLink(_folder["next"], $"v{version}");
                if (Directory.Exists(_folder["current"]))
                    Directory.Delete(_folder["current"]);
                Directory.Move(_folder["next"], _folder["current"]);
                break;
        }
    }

    [TestMethod]
    [DataRow("rename", "model.onnx")]
    [DataRow("overwrite", "model.onnx")]
    [DataRow("link", "current/model.onnx")]
    public async Task A_watched_file_is_taken_however_it_is_replaced(string how, string path)
    {
        Replace(how, TestModels.Classifier(factor: 1), 1);
        await using var predictor = new OnnxPredictor(_folder[path], new() { ReloadInterval = TimeSpan.FromMilliseconds(20) });
        for (var version = 2; version <= 3; version++)
        {
            Replace(how, TestModels.Classifier(factor: version), version);
            await Until(async () => Math.Abs((await predictor.PredictAsync(s_features)).Score[0] - TestModels.Softmax(s_features, version)[0]) < 1e-5);
        }
    }

    [TestMethod]
    public async Task A_file_as_old_and_as_long_as_the_last_one_is_taken_too()
    {
        var time = new DateTime(1980, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var path = _folder.Write(TestModels.Classifier(factor: 1));
        File.SetLastWriteTimeUtc(path, time);
        await using var predictor = new OnnxPredictor(path, new() { ReloadInterval = TimeSpan.FromMilliseconds(20) });
        File.SetLastWriteTimeUtc(_folder.Write(TestModels.Classifier(factor: 2), "new"), time);
        File.Move(_folder["new"], path, overwrite: true);
        await Until(async () => Math.Abs((await predictor.PredictAsync(s_features)).Score[0] - TestModels.Softmax(s_features, 2)[0]) < 1e-5);
    }

    [TestMethod]
    public async Task A_watched_file_that_is_no_good_is_told_once_and_the_next_good_one_is_taken()
    {
        var warnings = new List<string>();
        var path = _folder.Write(TestModels.Classifier());
        await using var predictor = new OnnxPredictor(path, new() { ReloadInterval = TimeSpan.FromMilliseconds(20), Warn = warnings.Add });
        _folder.Write("no model"u8.ToArray());
        await Until(() => Task.FromResult(predictor.RefusedReplacement is not null));
        await Task.Delay(200);
        Assert.AreEqual(1, warnings.Count);
        StringAssert.Contains(warnings[0], "damaged, or no ONNX file. The model in service stays.");
        _folder.Replace(TestModels.Classifier(factor: 2));
        await Until(() => Task.FromResult(predictor.RefusedReplacement is null));
        PredictorTests.Near(TestModels.Softmax(s_features, 2), (await predictor.PredictAsync(s_features)));
    }

    internal static async Task Until(Func<Task<bool>> holds)
    {
        var end = DateTime.UtcNow.AddSeconds(20);
        while (!await holds())
        {
            Assert.IsLessThan(end, DateTime.UtcNow, "it did not happen within 20 s");
            await Task.Delay(10);
        }
    }
}
