// Handwritten digits, from a CSV to an explained, saved and exported deep network. The exit code is 0 only if every claim held.
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;
using QuickStart;

var ml = new MLContext(seed: 1);
var digits = ml.Data.LoadFromTextFile<Digit>(Path.Combine(AppContext.BaseDirectory, "digits.csv"), separatorChar: ',', hasHeader: true);
var split = ml.Data.TrainTestSplit(digits, testFraction: 0.2, seed: 2);
var featurize = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.NormalizeMinMax("Features", nameof(Digit.Pixels)));
var claims = new Claims();

// 30 plain layers and plain SGD: no normalization, no shortcuts, no clipping.
var plain = Network.FeedForward([.. Enumerable.Repeat(128, 30)]) with { Normalization = Normalization.None, Dropout = 0.1 };
DeepNetworkMulticlassTrainer.Options Plain(Initializer initializer, string report) => new()
{
    Network = plain,
    Initializer = initializer,
    Clipping = GradientClipper.None,
    Optimizer = Optimizer.Sgd(learningRate: 0.1),
    Schedule = LearningRateSchedule.Constant,
    LabelSmoothing = 0.1,
    BatchSize = 32,
    Epochs = 40,
    Reports = [Report.Console, Report.Html(Path.Combine(AppContext.BaseDirectory, report))],
};

// (a) Both ways of a bad start. Training does not end in NaN weights but in an explanation.
var remedies = new List<Remedy>();
remedies.AddRange(Explain("weights four times too large", Plain(Initializer.XavierUniform with { Gain = 4 }, "exploding.html")));
remedies.AddRange(Explain("LibTorch's default weights", Plain(Initializer.Default, "vanishing.html")));

// (b) The same network with the options that the explanations named.
Console.WriteLine("== (b) the options that the explanations named ==");
var mended = Plain(Initializer.Default, "report.html");
foreach (var remedy in remedies.Distinct())
{
    remedy.ApplyTo(mended);
    Console.WriteLine($"  {remedy.Setting}");
}
Console.WriteLine($"  → {mended}");
var pipeline = featurize
    .Append(ml.MulticlassClassification.Trainers.DeepNetwork(mended))
    .Append(ml.Transforms.Conversion.MapKeyToValue("Digit", "PredictedLabel"));
var model = pipeline.Fit(split.TrainSet);
var scored = model.Transform(split.TestSet);
var metrics = ml.MulticlassClassification.Evaluate(scored);
claims.Add("held-out micro-accuracy", $"{metrics.MicroAccuracy:F4}", "≥ 0.96", metrics.MicroAccuracy >= 0.96);

// (c) Saved, loaded by a context that knows nothing of the trainer, and asked again.
var zip = Path.Combine(AppContext.BaseDirectory, "digits.zip");
model.SaveTo(zip, split.TrainSet.Schema);
var fresh = new MLContext();
var loaded = fresh.Model.LoadFrom(zip, out _);
var same = Predictions.Compare(fresh, scored, loaded.Transform(split.TestSet));
claims.Add("loaded model, same digits", $"{same.Equal} of {same.Rows}", "all", same.Equal == same.Rows);
claims.Add("loaded model, scores differ by", $"{same.GreatestDifference:G2}", "≤ 1e-5", same.GreatestDifference <= 1e-5);

using var engine = fresh.Model.CreatePredictionEngine<Digit, Prediction>(loaded);
var first = ml.Data.CreateEnumerable<Digit>(split.TestSet, reuseRowObject: false).First();
var one = engine.Predict(first);
claims.Add($"one row by PredictionEngine, a '{first.Label}'", $"'{one.Digit}' ({one.Score.Max():P0})", "right", one.Digit == first.Label);

// (d) The whole pipeline as one file for any ONNX runtime, from pixels to digit; nothing is written unless it scores like the pipeline.
var onnx = Path.Combine(AppContext.BaseDirectory, "digits.onnx");
var export = ml.Model.SaveAsOnnx(model, split.TestSet, onnx);
var digit = export.Outputs.Single(output => output.Name == "Digit");
claims.Add($"ONNX Runtime, same digits of {export.Rows}", $"{digit.Agreement:P0}", "all", digit.Agreement == 1);
Console.WriteLine($"== (c) {Path.GetFileName(zip)}: {new FileInfo(zip).Length / 1024} KiB   (d) {Path.GetFileName(onnx)}: {new FileInfo(onnx).Length / 1024} KiB ==");

// (e) The three fits as pictures.
Console.WriteLine($"== (e) reports: {string.Join(", ", new[] { "exploding.html", "vanishing.html", "report.html" }.Select(name => Path.Combine(AppContext.BaseDirectory, name)))} ==");

return claims.Print();

IReadOnlyList<Remedy> Explain(string what, DeepNetworkMulticlassTrainer.Options options)
{
    Console.WriteLine($"== (a) {what}: {options.Initializer}, {options.Optimizer}, no clipping ==");
    try
    {
        featurize.Append(ml.MulticlassClassification.Trainers.DeepNetwork(options)).Fit(split.TrainSet);
        claims.Add(what, "trained on", "stopped and explained", false);
        return [];
    }
    catch (GradientStabilityException unstable)
    {
        Console.WriteLine(unstable.Message);
        Console.WriteLine();
        var last = unstable.Findings[^1];
        claims.Add(what, $"{last.Kind.ToLowerInvariant()}, step {last.Step}", "stopped and explained", last.Remedies.Count > 0);
        return [.. unstable.Findings.SelectMany(f => f.Remedies)];
    }
}
