// Disease progression after a year, from ten measurements, with default options; judged by ML.NET's own cross-validation.
// The exit code is 0 only if the bar was reached.
using Microsoft.ML;
using Microsoft.ML.Data;

var ml = new MLContext(seed: 1);
var loader = ml.Data.CreateTextLoader(new TextLoader.Options
{
    HasHeader = true,
    Separators = [','],
    Columns = [new("Features", DataKind.Single, 0, 9), new("Label", DataKind.Single, 10)],
});
var data = loader.Load(Path.Combine(AppContext.BaseDirectory, "diabetes.csv"));
var folds = ml.Regression.CrossValidate(data, ml.Regression.Trainers.DeepNetwork(), numberOfFolds: 5);
var explained = folds.Average(fold => fold.Metrics.RSquared);
Console.WriteLine($"diabetes  R² {explained:F4}  bar 0.470  {(explained >= 0.470 ? "held" : "FAILED")}");
return explained >= 0.470 ? 0 : 1;
