// Whether a comment is toxic, from its words: each is a token, and attention learns a vector for it. Every comment is held out
// once, in one of five folds, by three seeds. The exit code is 0 only if the bar was reached.
using Microsoft.ML;
using Microsoft.ML.GradientStability;
using Sentiment;

const double bar = 0.70;

var ml = new MLContext(seed: 1);
var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "detox.tsv")).Skip(1);
var comments = ml.Data.LoadFromEnumerable(lines.Select(Comment.Of).ToArray());

// Two hundred comments say little of where a word stands, so no positions are learnt. Words that a fold's training rows do not have are no tokens.
var network = Network.Attention(width: 32, layers: 1, heads: 2) with { FeedForwardUnits = 32, Positions = PositionEncoding.None, Dropout = 0.3 };
int[] seeds = [1, 2, 3];
var areas = seeds.Select(AreaOf).ToArray();
var mean = areas.Average();
Console.WriteLine($"toxic comments from words, AUC of 5 folds  {string.Join("  ", areas.Select(area => $"{area:F3}"))}  mean {mean:F3}  bar {bar:F2}  {(mean >= bar ? "held" : "FAILED")}");
return mean >= bar ? 0 : 1;

double AreaOf(int seed) => ml.BinaryClassification.CrossValidate(comments, Pipeline(seed), numberOfFolds: 5).Average(fold => fold.Metrics.AreaUnderRocCurve);

IEstimator<ITransformer> Pipeline(int seed) => ml.Transforms.Conversion.MapValueToKey("Features")
    .Append(ml.BinaryClassification.Trainers.DeepNetwork(new DeepNetworkBinaryTrainer.Options
    {
        Network = network, Optimizer = Optimizer.Adam(0.003), BatchSize = 16, Epochs = 10, Seed = seed,
    }));
