// Handwritten digits squeezed into eight numbers without a look at their labels. What the eight numbers keep is judged by a
// classifier on top of them; what the autoencoder never saw shows in its reconstruction error.
// The exit code is 0 only if both claims held.
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;

var ml = new MLContext(seed: 1);
var loader = ml.Data.CreateTextLoader(new TextLoader.Options
{
    HasHeader = true,
    Separators = [','],
    Columns = [new("Pixels", DataKind.Single, 0, 63), new("Label", DataKind.String, 64)],
});
var split = ml.Data.TrainTestSplit(loader.Load(Path.Combine(AppContext.BaseDirectory, "digits.csv")), testFraction: 0.2, seed: 1);

var embed = ml.Transforms.DeepAutoencoder("Embedding", "Pixels", embeddingSize: 8);
var classify = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(embed)
    .Append(ml.MulticlassClassification.Trainers.DeepNetwork(featureColumnName: "Embedding"));
var model = classify.Fit(split.TrainSet);
var accuracy = ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet)).MicroAccuracy;

// The same pixels in another order are no digits any more.
var shuffled = ml.Transforms.CustomMapping<Image, Image>((from, to) => to.Pixels = [.. from.Pixels.Reverse().Chunk(8).SelectMany(row => row.Order())], null)
    .Fit(split.TestSet).Transform(split.TestSet);
var (seen, unseen) = (MeanError(split.TestSet), MeanError(shuffled));

Console.WriteLine($"digits told apart by 8 of 64 numbers  accuracy {accuracy:F4}  at least 0.85       {(accuracy >= 0.85 ? "held" : "FAILED")}");
Console.WriteLine($"mean reconstruction error             digits {seen:F3}, no digits {unseen:F3}  twice as much  {(unseen > 2 * seen ? "held" : "FAILED")}");
return accuracy >= 0.85 && unseen > 2 * seen ? 0 : 1;

float MeanError(IDataView data) => model.Transform(data).GetColumn<float>("ReconstructionError").Average();

internal sealed class Image
{
    [VectorType(64)]
    public float[] Pixels { get; set; } = [];
}
