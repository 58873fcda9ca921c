namespace Microsoft.ML.GradientStability.Packages.Tests;

/// <summary>The packages in empty projects: one trains and saves; others, which have no LibTorch, score.</summary>
[TestClass]
public sealed class InstallTests
{
    private const string Trainer = """
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using Microsoft.ML.GradientStability;

        var ml = new MLContext(seed: 1);
        var rows = Enumerable.Range(0, 300).Select(i => new Row { Features = [i % 3 + i % 7 / 20f, i % 5], Label = $"class {i % 3}" }).ToArray();
        var data = ml.Data.LoadFromEnumerable(rows);
        var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.DeepNetwork())
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);
        model.SaveTo("model.zip", data.Schema);
        ml.Model.SaveAsOnnx(model, data, "model.onnx");
        Console.WriteLine($"accuracy {ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy:F2}");

        class Row
        {
            [VectorType(2)] public float[] Features { get; set; } = [];
            public string Label { get; set; } = "";
        }
        """;

    private const string Scorer = """
        using Microsoft.ML;
        using Microsoft.ML.Data;

        var ml = new MLContext();
        var model = ml.Model.LoadFrom(args[0], out _);
        var scored = model.Transform(ml.Data.LoadFromEnumerable([new Row { Features = [2.1f, 3], Label = "" }]));
        Console.WriteLine(scored.GetColumn<string>("PredictedLabel").Single());

        class Row
        {
            [VectorType(2)] public float[] Features { get; set; } = [];
            public string Label { get; set; } = "";
        }
        """;

    private const string Server = """
        using Microsoft.ML.GradientStability.Serving;

        await using var predictor = new OnnxPredictor(args[0]);
        Console.WriteLine((await predictor.PredictAsync([2.1f, 3])).Label);
        """;

    private const string Mistaken = """
        using Microsoft.ML;
        using Microsoft.ML.GradientStability;

        new MLContext().Regression.Trainers.DeepNetwork(new DeepNetworkRegressionTrainer.Options { EarlyStopping = EarlyStopping.After() });
        """;

    [TestMethod]
    public void The_compiler_of_a_program_says_which_options_conflict()
    {
        Stranger.Build("Mistaken", Mistaken, $"Microsoft.ML.GradientStability {Versions.Own}");
        var said = Shell.Dotnet(Path.Combine(Stranger.Place, "Mistaken"), "build", "-c", "Release", "--nologo", "-v", "q", "--no-incremental");
        Assert.Contains("warning GS0004: EarlyStopping: it needs held-out rows", said);
    }

    [TestMethod]
    public void A_program_trains_and_others_score_without_LibTorch()
    {
        var trainer = Stranger.Build("Trainer", Trainer, $"Microsoft.ML.GradientStability {Versions.Own}", $"TorchSharp-cpu {Versions.TorchSharp}");
        StringAssert.Contains(Shell.Dotnet(trainer, "Trainer.dll"), "accuracy 1.00");

        var scorer = Stranger.Build("Scorer", Scorer, $"Microsoft.ML.GradientStability {Versions.Own}");
        Assert.IsEmpty(Directory.EnumerateFiles(scorer, "*torch_cpu*", SearchOption.AllDirectories));
        Assert.AreEqual("class 2", Shell.Dotnet(scorer, "Scorer.dll", Path.Combine(trainer, "model.zip")).Trim());

        var server = Stranger.Build("Server", Server, $"Microsoft.ML.GradientStability.Serving {Versions.Own}", $"Microsoft.ML.OnnxRuntime {Versions.OnnxRuntime}");
        Assert.IsEmpty(Directory.EnumerateFiles(server, "*.dll").Where(file => Path.GetFileName(file) is "TorchSharp.dll" or "Microsoft.ML.Core.dll"));
        Assert.AreEqual("class 2", Shell.Dotnet(server, "Server.dll", Path.Combine(trainer, "model.onnx")).Trim());
    }
}
