// Sunspots of the next year, from the twelve before it: a network beside a linear autoregression over the same twelve years and beside persistence,
// which expects last year's number again. The options were chosen by 1921–1955; 1956–2008 judges (docs/sequences-and-images.md tells what else was tried on it).
// The exit code is 0 only if the network is the best by every seed.
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;
using Sunspots;

const int firstYear = 1700;
int[] seeds = [1, 2, 3, 4, 5];
var ml = new MLContext(seed: 1);
var series = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "sunspots.csv")).Skip(1)
    .Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture)).ToArray();

Compare("chosen by", 1921, 1955);
return Compare("judged by", 1956, 2008) ? 0 : 1;

bool Compare(string purpose, int from, int to)
{
    var years = Enumerable.Range(from - firstYear, to - from + 1).ToArray();
    var linear = new Autoregression(series, Year.Window, years[0]);
    var persistence = Error(years, at => series[at - 1]);
    var autoregression = Error(years, at => linear.Predict(series, at));
    var network = seeds.Select(seed => ErrorOfNetwork(years, seed)).ToArray();
    var held = network.Max() < Math.Min(persistence, autoregression);
    Console.WriteLine($"{purpose} {from}–{to}, root mean squared error  network {string.Join(" ", network.Select(error => $"{error:F1}"))}  "
        + $"AR({Year.Window}) {autoregression:F1}  persistence {persistence:F1}  {(held ? "held" : "FAILED")}");
    return held;
}

double ErrorOfNetwork(int[] years, int seed)
{
    var past = Enumerable.Range(Year.Window, years[0] - Year.Window);
    var model = ml.Regression.Trainers.DeepNetwork(new DeepNetworkRegressionTrainer.Options
    {
        // A few smooth units, held small, and the mean of eight networks that share them.
        Network = Network.FeedForward(16) with { Activation = Activation.Tanh, Normalization = Normalization.None, Ensemble = 8 },
        Regularization = [Regularizer.WeightDecay(0.3)],
        Optimizer = Optimizer.Adam(0.005), BatchSize = 16, Epochs = 300, Seed = seed, Reports = [],
    }).Fit(ml.Data.LoadFromEnumerable(past.Select(at => Year.Of(series, at))));
    var scores = model.Transform(ml.Data.LoadFromEnumerable(years.Select(at => Year.Of(series, at)))).GetColumn<float>("Score").ToArray();
    return Error(years, at => Year.Number(series, at, scores[at - years[0]]));
}

double Error(int[] years, Func<int, double> predict) => Math.Sqrt(years.Average(at => Math.Pow(predict(at) - series[at], 2)));
