using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>Takes rows from the queue, run after run, and hands out what the model gives for them; until the queue ends.</summary>
internal sealed class BatchWorker(RowQueue queue, ModelShape shape, BatchTensors tensors, int maxBatch, ServingMetrics metrics)
{
    private readonly string?[] _missing = new string?[maxBatch];
    private readonly List<Part> _batch = [];

    /// <summary>Keeps a thread until the queue ends.</summary>
    public void Work()
    {
        while (queue.Take(_batch))
        {
            foreach (var part in _batch)
                metrics.Waited(Stopwatch.GetElapsedTime(part.Rows.QueuedAt));
            Score(CollectionsMarshal.AsSpan(_batch));
        }
    }

    /// <summary>Scores parts in one run; where that fails, each half of them alone, so that only the callers whose rows are to blame see it.</summary>
    private void Score(ReadOnlySpan<Part> parts)
    {
        try
        {
            Run(parts);
        }
        catch (Exception) when (parts.Length > 1)
        {
            Score(parts[..(parts.Length / 2)]);
            Score(parts[(parts.Length / 2)..]);
            return;
        }
        catch (Exception e)
        {
            var blamed = Blame(parts[0], e);
            parts[0].Rows.Finish(parts[0].Count, blamed);
            return;
        }
        HandOut(parts);
    }

    private void Run(ReadOnlySpan<Part> parts)
    {
        var batch = 0;
        foreach (var part in parts)
            batch += part.Count;
        var at = 0;
        foreach (var (rows, first, count) in parts)
            for (var row = first; row < first + count; row++, at++)
                Fill(rows, row, at, batch);
        var started = Stopwatch.GetTimestamp();
        tensors.Run(batch);
        metrics.Ran(batch, Stopwatch.GetElapsedTime(started));
    }

    private void Fill(RowBuffer rows, int row, int at, int batch)
    {
        _missing[at] = shape.Missing.Find(rows.Numbers, row);
        tensors.Set(at, batch, rows.Numbers, rows.AllTexts, row, _missing[at] is not null);
    }

    private void HandOut(ReadOnlySpan<Part> parts)
    {
        var batch = 0;
        foreach (var part in parts)
            batch += part.Count;
        var at = 0;
        foreach (var (rows, first, count) in parts)
        {
            for (var row = first; row < first + count; row++, at++)
                tensors.Get(at, batch, rows.Results, row, _missing[at]);
            rows.Finish(count);
        }
    }

    /// <summary>Finds the first row of one caller that the model fails on.</summary>
    private PredictionException Blame(Part part, Exception failure)
    {
        var row = part.First;
        try
        {
            // Where all others are good it is the last.
            for (; row < part.First + part.Count - 1; row++)
            {
                Fill(part.Rows, row, at: 0, batch: 1);
                tensors.Run(1);
            }
            return new(row, failure);
        }
        catch (Exception e)
        {
            return new(row, e);
        }
    }
}
