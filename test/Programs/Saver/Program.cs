using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;

// What a test does to a process of its own.
//   loop FILE      saves a model to FILE again and again, until the process is killed
//   full FOLDER    saves and exports a network into FOLDER while no file may grow beyond 4 KiB, and prints what was thrown
//   leave FOLDER   saves, reads options, trains on and fails at it, with FOLDER as temporary folder, and prints what lies in there meanwhile and after
var ml = new MLContext(seed: 1);
string[] before = [];
switch (args[0])
{
    case "loop":
        var words = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 100_000).Select(i => new Word { Text = (i * 2654435761u).ToString("x8") }).ToArray());
        var keyed = ml.Transforms.Conversion.MapValueToKey("Text").Fit(words);
        for (var saved = 0; ; saved++)
        {
            keyed.SaveTo(args[1], inputSchema: null);
            if (saved == 0)
                Console.WriteLine("saved");
        }

    case "full":
        var rows = Rows();
        using (var network = Train(rows))
        {
            Limits.FileSize(4096);
            foreach (var save in new Action[]
                {
                    () => network.SaveTo(Path.Combine(args[1], "model.zip"), rows.Schema),
                    () => network.SaveAsOnnx(Path.Combine(args[1], "model.onnx"), rows),
                })
                try
                {
                    save();
                    Console.WriteLine("nothing was thrown");
                }
                catch (IOException e)
                {
                    Console.WriteLine(e.Message);
                }
        }
        return 0;

    case "leave":
        var data = Rows();
        using (var network = Train(data))
        {
            before = Directory.GetFileSystemEntries(args[1]);
            _ = network.GetDeepNetworkOptions();
            using (Train(data, network))
                Print("fitted");
            for (var i = 0; i < 3; i++)
            {
                using var file = new MemoryStream();
                ml.Model.Save(network, data.Schema, file);
                network.SaveTo(Path.Combine(args[1], "..", "model.zip"), data.Schema);
            }
            Print("saved");
            try
            {
                ml.Model.Save(network, data.Schema, new Refusing());
            }
            catch (IOException)
            {
                Print("failed");
            }
            var loaded = ml.Model.LoadFrom(Path.Combine(args[1], "..", "model.zip"), out _);
            var open = Left();
            _ = loaded.GetDeepNetworkOptions();
            using (Train(data, loaded))
            {
            }
            Console.WriteLine($"loaded {Left() - open}");
            ((IDisposable)loaded).Dispose();
        }
        Print("disposed");
        return 0;

    default:
        return 1;
}

void Print(string when) => Console.WriteLine($"{when} {Left()}");

// The runtimes of .NET and ONNX keep a few of their own in there.
int Left() => Directory.GetFileSystemEntries(args[1]).Except(before).Count();

IDataView Rows()
{
    var random = new Random(1);
    return ml.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(i => new Row { Features = [random.NextSingle(), i % 2], Label = i % 2 > 0 }).ToArray());
}

DeepNetworkTransformer Train(IDataView data, ITransformer? previous = null) => ml.BinaryClassification.Trainers.DeepNetwork(
    new DeepNetworkBinaryTrainer.Options { Network = Network.FeedForward(64, 64), Epochs = 1, Seed = 1 }).Fit(data, previous);

internal sealed class Row
{
    [VectorType(2)]
    public float[] Features { get; set; } = [];

    public bool Label { get; set; }
}

internal sealed class Word
{
    public string Text { get; set; } = "";
}

/// <summary>A stream that cannot be written.</summary>
internal sealed class Refusing : MemoryStream
{
    public override void Write(byte[] buffer, int offset, int count) => throw new IOException("no");

    public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("no");
}

/// <summary>What stands in for a full disk: the system refuses to let a file grow, as it does where there is no room.</summary>
internal static partial class Limits
{
    private const int FileSizeResource = 1, FileSizeSignal = 25, Ignore = 1;

    public static void FileSize(ulong bytes)
    {
        signal(FileSizeSignal, Ignore);
        if (setrlimit(FileSizeResource, [bytes, bytes]) != 0)
            throw new InvalidOperationException("The size of files cannot be limited.");
    }

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, ulong[] nowAndMost);
}
