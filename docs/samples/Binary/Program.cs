// Malignant or benign, from measurements of cell nuclei, with default options; judged by ML.NET's own cross-validation.
// The exit code is 0 only if both bars were reached.
using Microsoft.ML;
using Microsoft.ML.Data;

var ml = new MLContext(seed: 1);
var loader = ml.Data.CreateTextLoader(new TextLoader.Options
{
    HasHeader = true,
    Separators = [','],
    Columns = [new("Features", DataKind.Single, 0, 29), new("Diagnosis", DataKind.String, 30)],
});
var data = loader.Load(Path.Combine(AppContext.BaseDirectory, "breast_cancer.csv"));
var pipeline = ml.Transforms.Conversion.MapValue("Label", [new("malignant", true), new KeyValuePair<string, bool>("benign", false)], "Diagnosis")
    .Append(ml.BinaryClassification.Trainers.DeepNetwork());
var folds = ml.BinaryClassification.CrossValidate(data, pipeline, numberOfFolds: 5);
var accuracy = folds.Average(fold => fold.Metrics.Accuracy);
var area = folds.Average(fold => fold.Metrics.AreaUnderRocCurve);
Console.WriteLine($"breast cancer  accuracy {accuracy:F4}  bar 0.972  {(accuracy >= 0.972 ? "held" : "FAILED")}");
Console.WriteLine($"breast cancer  AUC      {area:F4}  bar 0.994  {(area >= 0.994 ? "held" : "FAILED")}");
return accuracy >= 0.972 && area >= 0.994 ? 0 : 1;
