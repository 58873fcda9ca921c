// A small model for docs/samples/InferenceService: tells three wines apart by 13 measurements. The argument is where to write it.
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;

if (args is not [var path])
{
    Console.Error.WriteLine("name the file to write: wine.onnx");
    return 2;
}
var ml = new MLContext(seed: 1);
var loader = ml.Data.CreateTextLoader(new TextLoader.Options
{
    HasHeader = true,
    Separators = [','],
    Columns = [new("Features", DataKind.Single, 0, 12), new("Label", DataKind.String, 13)],
});
var split = ml.Data.TrainTestSplit(loader.Load(Path.Combine(AppContext.BaseDirectory, "wine.csv")), testFraction: 0.2);
// The trainer standardizes the features itself and the file holds that too: what goes in are the measurements as they are.
var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.DeepNetwork()).Fit(split.TrainSet);
var accuracy = ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet)).MicroAccuracy;

Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
var parity = model.SaveAsOnnx(path, parityOn: split.TestSet);
Console.WriteLine($"{path}: held-out accuracy {accuracy:F3}; ONNX Runtime agrees with the network: {parity}");
return 0;
