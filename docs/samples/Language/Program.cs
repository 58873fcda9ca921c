// A language model of characters: which one comes next in a book of tales, from the twelve before it. A GRU learns it from the first nine
// tenths of the text, and is held, in bits a character of the last tenth, against an n-gram model that has counted the same. Then it writes.
// The exit code is 0 only if the network is the better one.
using Language;
using Microsoft.ML;
using Microsoft.ML.GradientStability;

var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "tales.txt"));
var alphabet = text.Distinct().Order().Select(character => character.ToString()).ToArray();
var heldOut = text.Length * 9 / 10;

// Characters are keys, those of windows and of labels alike; an empty one, before the first of the text, is no token.
var ml = new MLContext(seed: 1);
var keys = ml.Data.LoadFromEnumerable(alphabet.Select(character => new { character }));
var pipeline = ml.Transforms.Conversion.MapValueToKey([new("Features"), new("Label")], keyData: keys)
    .Append(ml.MulticlassClassification.Trainers.DeepNetwork(new()
    {
        Network = Network.Recurrent(RecurrentCell.Gru, hidden: 128) with { EmbeddingWidth = 32, Dropout = 0.1 },
        Optimizer = Optimizer.Adam(0.005), BatchSize = 128, Epochs = 6, Seed = 1,
    }));
var model = pipeline.Fit(ml.Data.LoadFromEnumerable(Window.Of(text, 1, heldOut)));

// The mean log-loss is in nats.
var judged = model.Transform(ml.Data.LoadFromEnumerable(Window.Of(text, heldOut, text.Length)));
var network = ml.MulticlassClassification.Evaluate(judged).LogLoss / Math.Log(2);
var counts = new NGrams(order: 5, alphabet.Length, text[..heldOut]).BitsPerCharacter(text, heldOut);
Console.WriteLine($"bits a character  GRU {network:F3}  5-gram {counts:F3}  {(network < counts ? "held" : "FAILED")}");

using var writer = new Writer(ml, model, alphabet);
foreach (var temperature in new[] { 0.4, 0.7, 1.0 })
    Console.WriteLine($"\ntemperature {temperature:F1}\n{writer.GoOn("The ferryman ", 300, temperature, new Random(1))}");
return network < counts ? 0 : 1;
