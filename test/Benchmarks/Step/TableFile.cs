using static System.FormattableString;

namespace Step;

/// <summary>A table in a file of comma-separated values, one to train on and one of other rows: features about ten centres a class, labels that are words.</summary>
internal sealed class TableFile : IDisposable
{
    public const int Features = 20, Classes = 3, Units = 128, Epochs = 10, Batch = 64, Rows = 20_000, Others = 5_000;

    public TableFile()
    {
        var random = new Random(1);
        var centres = Enumerable.Range(0, 10 * Classes).Select(_ => Enumerable.Range(0, Features).Select(_ => Normal(random)).ToArray()).ToArray();
        Write("train.csv", Rows);
        Write("test.csv", Others);

        void Write(string name, int rows)
        {
            using var writer = new StreamWriter(Path.Combine(Folder, name));
            writer.WriteLine($"{string.Join(',', Enumerable.Range(0, Features).Select(i => $"x{i}"))},label");
            for (var row = 0; row < rows; row++)
            {
                var centre = random.Next(centres.Length);
                writer.WriteLine($"{string.Join(',', centres[centre].Select((x, i) => Invariant($"{(i + 1) * (x + 0.8 * Normal(random)) + i:F4}")))},class{centre % Classes}");
            }
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("step-").FullName;

    public string Train => Path.Combine(Folder, "train.csv");

    public string Test => Path.Combine(Folder, "test.csv");

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
