namespace Microsoft.ML.GradientStability.Serving.Tests.Robustness;

/// <summary>Files that were a model once, or never; each follows from its seed.</summary>
internal sealed class DamagedFiles
{
    private static readonly byte[][] s_models =
        [TestModels.Classifier().ToBytes(), TestModels.Mixed().ToBytes(), TestModels.Table().ToBytes(), TestModels.Network(4, 8, 3).ToBytes()];

    private static readonly string[] s_heads = ["%PDF-1.7\n", "PK\x03\x04", "\x7F" + "ELF", "{\"model\":", "<?xml version=\"1.0\"?>", "\x08\x00\x00\x00ORTM", "\x89PNG\r\n"];

    public int Refused { get; private set; }

    public int Loaded { get; private set; }

    /// <summary>Loads so many files. Anything but a model that predicts or a clear refusal ends the run with an exception, or the process.</summary>
    public async Task Run(int count, int seed)
    {
        using var folder = new ModelFolder();
        for (var i = 0; i < count; i++)
        {
            var path = folder.Write(Make(seed + i));
            try
            {
                await using var predictor = new OnnxPredictor(path, new() { RunsPerDevice = 1, MaxBatchSize = 4 });
                var prediction = predictor.PredictAsync(predictor.Rent(2)).AsTask();
                if (await Task.WhenAny(prediction, Task.Delay(TimeSpan.FromSeconds(20))) != prediction)
                    throw new InvalidOperationException($"file {seed + i}: no prediction within 20 s");
                await prediction;
                Loaded++;
            }
            catch (ModelFileException refused) when (refused.Message.StartsWith($"Cannot serve '{path}': ", StringComparison.Ordinal))
            {
                Refused++;
            }
            catch (PredictionException)
            {
                // A graph that takes zeros and not two rows of them: the caller is told.
                Refused++;
            }
            catch (Exception e) when (e is not InvalidOperationException)
            {
                throw new InvalidOperationException($"file {seed + i}: {e.GetType().Name}: {e.Message}", e);
            }
        }
    }

    private static byte[] Make(int seed)
    {
        var random = new Random(seed);
        var bytes = (byte[])s_models[random.Next(s_models.Length)].Clone();
        var at = random.Next(bytes.Length);
        switch (random.Next(9))
        {
            case 0:
                return bytes[..at];
            case 1:
                return bytes[at..];
            case 2:
                random.NextBytes(bytes.AsSpan(at, Math.Min(random.Next(1, 64), bytes.Length - at)));
                return bytes;
            case 3:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 16))..]];
            case 4:
                return [.. bytes[..at], .. bytes[random.Next(bytes.Length)..], .. bytes[at..]];
            case 5:
                random.NextBytes(bytes);
                return bytes;
            case 6:
                return [.. s_heads[random.Next(s_heads.Length)].Select(c => (byte)c), .. bytes];
            default:
                // Most of all single bytes: the structure stays, and the meaning changes.
                for (var flips = random.Next(1, 6); flips > 0; flips--)
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
        }
    }
}
