using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.Serving;
using Microsoft.ML.GradientStability.Serving.Tests;
using Microsoft.ML.OnnxRuntime;

namespace Serving;

/// <summary>Rows a second of one model in one process: by ML.NET's ApplyOnnxModel, by a run a row, and by the predictor in batches.</summary>
internal static class Throughput
{
    public const int Features = 64, Batch = 256, Rounds = 60;

    private const double Bar = 5;

    private static readonly TimeSpan s_round = TimeSpan.FromMilliseconds(150);

    public static OnnxFile Model(int width) => TestModels.Network(Features, width, layers: 3);

    public static async Task<bool> Run()
    {
        using var folder = new ModelFolder();
        var path = folder.Write(Model(256));
        var rows = Rows();
        using var session = new InferenceSession(path);
        await using var predictor = new OnnxPredictor(path, new() { MaxBatchSize = Batch });
        var ml = new MLContext();
        var view = ml.Data.LoadFromEnumerable(rows.Select(features => new Row { Features = features }));
        var transformer = ml.Transforms.ApplyOnnxModel(["Score", "PredictedLabel"], ["Features"], path).Fit(view);

        var (mlnet, single, batched) = (new Rates(), new Rates(), new Rates());
        // By short turns, so that whatever else the machine does falls on all of them.
        for (var round = 0; round <= Rounds; round++)
        {
            mlnet.Add(() => Repeat(() => RowByRow(transformer.Transform(view))));
            single.Add(() => Repeat(() => RunByRow(session, rows)));
            batched.Add(() => Repeat(() => Batched(predictor, rows).GetAwaiter().GetResult()));
        }
        Console.WriteLine($"3 × 256, {Features} features, batches of {Batch}; rows a second, the median of {Rounds} rounds");
        Console.WriteLine($"  ApplyOnnxModel, row by row    {mlnet.Median,10:N0}");
        Console.WriteLine($"  a run a row                   {single.Median,10:N0}");
        Console.WriteLine($"  OnnxPredictor, in batches     {batched.Median,10:N0}");
        batched.Beats(single, "batched / a run a row", bar: 0);
        return batched.Beats(mlnet, "batched / ApplyOnnxModel", Bar);
    }

    public static float[][] Rows()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Batch).Select(_ => Enumerable.Range(0, Features).Select(_ => random.NextSingle()).ToArray())];
    }

    private static long Repeat(Func<int> work)
    {
        var rows = 0L;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < s_round;)
            rows += work();
        return rows;
    }

    private static int RowByRow(IDataView scored)
    {
        using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        var read = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        var score = default(VBuffer<float>);
        var rows = 0;
        for (; cursor.MoveNext(); rows++)
            read(ref score);
        return rows;
    }

    private static int RunByRow(InferenceSession session, float[][] rows)
    {
        using var run = new RunOptions();
        foreach (var row in rows)
        {
            using var input = OrtValue.CreateTensorValueFromMemory(row, [1, Features]);
            using var outputs = session.Run(run, ["Features"], [input], session.OutputNames);
            _ = outputs[0].GetTensorDataAsSpan<float>()[0];
        }
        return rows.Length;
    }

    /// <summary>Some batches at a time, so that the next one is there when a run ends.</summary>
    private static async Task<int> Batched(OnnxPredictor predictor, float[][] rows)
    {
        const int Batches = 24, AtOnce = 4;
        var waiting = new Queue<Task>();
        for (var batch = 0; batch < Batches; batch++)
        {
            var buffer = predictor.Rent(rows.Length);
            for (var row = 0; row < rows.Length; row++)
                rows[row].CopyTo(buffer.Values<float>(row, "Features"));
            waiting.Enqueue(predictor.PredictAsync(buffer).AsTask());
            if (waiting.Count == AtOnce)
                await waiting.Dequeue();
        }
        await Task.WhenAll(waiting);
        return Batches * rows.Length;
    }

    private sealed class Row
    {
        [VectorType(Throughput.Features)]
        public required float[] Features { get; set; }
    }
}
