// Handwritten digits and wines, told apart with default options and judged by ML.NET's own cross-validation.
// The exit code is 0 only if both bars were reached.
using Microsoft.ML;
using Microsoft.ML.Data;

var digits = Accuracy("digits.csv", features: 64);
var wine = Accuracy("wine.csv", features: 13);
Console.WriteLine($"digits  accuracy {digits:F4}  bar 0.980  {(digits >= 0.980 ? "held" : "FAILED")}");
Console.WriteLine($"wine    accuracy {wine:F4}  bar 0.980  {(wine >= 0.980 ? "held" : "FAILED")}");
return digits >= 0.980 && wine >= 0.980 ? 0 : 1;

static double Accuracy(string file, int features)
{
    var ml = new MLContext(seed: 1);
    var loader = ml.Data.CreateTextLoader(new TextLoader.Options
    {
        HasHeader = true,
        Separators = [','],
        Columns = [new("Features", DataKind.Single, 0, features - 1), new("Label", DataKind.String, features)],
    });
    var data = loader.Load(Path.Combine(AppContext.BaseDirectory, file));
    var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.DeepNetwork());
    return ml.MulticlassClassification.CrossValidate(data, pipeline, numberOfFolds: 5).Average(fold => fold.Metrics.MicroAccuracy);
}
