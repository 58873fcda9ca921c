namespace Microsoft.ML.GradientStability.Tests.Trainers;

[TestClass]
public sealed class RowWeightTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static IEnumerable<object[]> Cases() =>
        from task in new[] { EveryTask.Binary, EveryTask.Multiclass, EveryTask.Regression } from streamed in new[] { false, true } select new object[] { task, streamed };

    /// <summary>Absurd rows of weight 0, one of them not even finite: nothing at all may come of them.</summary>
    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_row_of_weight_0_is_left_out(string task, bool streamed)
    {
        CollectionAssert.AreEqual(Fit(Passed), Fit(rows => rows));

        static IEnumerable<Data.Passes.Row> Passed(IEnumerable<Data.Passes.Row> rows)
        {
            foreach (var (row, i) in rows.Select((r, i) => (r, i)))
            {
                if (i % 50 == 0)
                    for (var n = 0; n < 3; n++)
                        yield return new Data.Passes.Row { Features = [i == 100 ? float.NaN : 1e6f, .. new float[61]], Number = 1e6f, Weight = 0 };
                yield return row;
            }
        }

        byte[] Fit(Func<IEnumerable<Data.Passes.Row>, IEnumerable<Data.Passes.Row>> change)
        {
            var rows = change(Data.Passes.Numbered()).ToArray();
            using var model = EveryTask.Fit(_ml, task, _ml.Data.LoadFromEnumerable(rows), options =>
            {
                options.ExampleWeightColumnName = "Weight";
                options.Epochs = 2;
                options.BatchSize = 64;
                options.ValidationFraction = 0.1;
                options.MemoryBudget = streamed ? 1 << 20 : 1 << 30;
                options.Network = Network.FeedForward(8) with { Normalization = Normalization.Batch };
            });
            return model.Onnx.ToArray();
        }
    }

    [TestMethod]
    [DynamicData(nameof(EveryTask.All), typeof(EveryTask))]
    public void Weights_of_double_size_change_nothing(string task)
    {
        var rows = EveryTask.Rows();
        var once = Scores(rows);
        foreach (var row in rows)
            row.Weight *= 2;
        EveryTask.AreClose(once, Scores(rows), 1e-3);

        float[] Scores(EveryTask.Row[] rows)
        {
            using var model = EveryTask.Fit(_ml, task, EveryTask.Load(_ml, rows), o => o.ExampleWeightColumnName = "Weight");
            return EveryTask.Scores(model, EveryTask.Load(_ml, EveryTask.Rows()));
        }
    }

    /// <summary>Two kinds of rows with the same features: the heavier kind is believed.</summary>
    [TestMethod]
    [DynamicData(nameof(EveryTask.All), typeof(EveryTask))]
    public void The_heavier_rows_are_believed(string task)
    {
        var rows = EveryTask.Rows().SelectMany(r => new[]
        {
            new EveryTask.Row { Features = r.Features, Yes = true, Class = 2, Number = 10, Weight = 9 },
            new EveryTask.Row { Features = r.Features, Yes = false, Class = 0, Number = 0, Weight = 1 },
        });
        using var model = EveryTask.Fit(_ml, task, EveryTask.Load(_ml, rows), o =>
        {
            o.ExampleWeightColumnName = "Weight";
            // All rows at once: batches would differ in the kinds they hold.
            o.BatchSize = 400;
            o.Epochs = 300;
        });
        var scores = EveryTask.Scores(model, EveryTask.Load(_ml, EveryTask.Rows()));
        var mean = task switch
        {
            EveryTask.Binary => scores.Average(x => 1 / (1 + Math.Exp(-x))),
            EveryTask.Multiclass => scores.Where((_, i) => i % 3 == 2).Average(),
            _ => scores.Average() / 10,
        };
        Assert.AreEqual(0.9, mean, 0.03);
    }
}
