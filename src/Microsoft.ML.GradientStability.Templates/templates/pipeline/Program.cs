// Trains a deep network on a CSV file, and leaves model.zip for ML.NET, model.onnx for anything else, and report.html for people:
//   dotnet run [-- data.csv]
// The last column is the label, all others are numbers. Without a file it takes wine.csv: 178 wines of three growers.
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;

var path = args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "wine.csv");
var names = File.ReadLines(path).First().Split(',');

var ml = new MLContext(seed: 1);
var loader = ml.Data.CreateTextLoader(
    [.. names[..^1].Select((name, column) => new TextLoader.Column(name, DataKind.Single, column)), new("Label", DataKind.String, names.Length - 1)],
    separatorChar: ',', hasHeader: true);
var split = ml.Data.TrainTestSplit(loader.Load(path), testFraction: 0.2);

var trainer = ml.MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options
{
    Reports = [Report.Terminal, Report.Html("report.html")],
});
var model = ml.Transforms.Concatenate("Features", names[..^1])
    .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
    .Append(trainer)
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
    .Fit(split.TrainSet);

var scored = model.Transform(split.TestSet);
var metrics = ml.MulticlassClassification.Evaluate(scored);
Console.WriteLine($"held-out accuracy {metrics.MicroAccuracy:F3}, log-loss {metrics.LogLoss:F3}");

Console.WriteLine("accuracy lost where the values of a column are shuffled:");
foreach (var (name, change) in ml.MulticlassClassification.PermutationFeatureImportance(model, scored, permutationCount: 5).OrderBy(f => f.Value.MicroAccuracy.Mean).Take(5))
    Console.WriteLine($"  {name}: {-change.MicroAccuracy.Mean:F3}");

model.SaveTo("model.zip", split.TrainSet.Schema);
var export = ml.Model.SaveAsOnnx(model, split.TestSet, "model.onnx");
Console.WriteLine($"model.zip, report.html, and model.onnx, which ONNX Runtime scores like the pipeline on {export.Rows} rows");
