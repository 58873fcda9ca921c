using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Faults;

/// <summary>Rows to train on, and clean ones that no fault touches, to judge by.</summary>
internal sealed class Problem
{
    private static readonly Lazy<Row[]> s_digits = new(ReadDigits);

    private Problem(string task, int classes, Row[] training, Row[] test) => (Task, Classes, Training, Test) = (task, classes, training, test);

    /// <summary><c>Multiclass</c>, <c>Binary</c> or <c>Regression</c>.</summary>
    public string Task { get; }

    /// <summary>2 for <c>Binary</c>, 0 for <c>Regression</c>.</summary>
    public int Classes { get; }

    public Row[] Training { get; private init; }

    public Row[] Test { get; }

    public static Problem Draw(Random random)
    {
        var rows = random.Next(360, 560);
        return random.Next(5) switch
        {
            0 => Digits(random, rows),
            1 => Clusters("Multiclass", random.Next(3, 7), random, rows),
            2 => Clusters("Binary", 2, random, rows),
            _ => Function(random, rows),
        };
    }

    /// <summary>The same with other training rows.</summary>
    public Problem With(IEnumerable<Row> training) => new(Task, Classes, [.. training], Test);

    /// <summary>The same with every training row changed.</summary>
    public Problem Change(Action<Row, int> change)
    {
        var rows = Training.Select(row => row.Clone()).ToArray();
        for (var i = 0; i < rows.Length; i++)
            change(rows[i], i);
        return With(rows);
    }

    /// <summary>The same where the features of the rows to judge by change as well: another unit, not a fault of some rows.</summary>
    public Problem ChangeUnit(Action<Row> change)
    {
        Row[] Changed(Row[] rows)
        {
            var copies = rows.Select(row => row.Clone()).ToArray();
            foreach (var row in copies)
                change(row);
            return copies;
        }
        return new Problem(Task, Classes, Changed(Training), Changed(Test));
    }

    public IDataView View(MLContext context, Row[] rows)
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Features.Length);
        var view = context.Data.LoadFromEnumerable(rows, definition);
        if (Task != "Multiclass")
            return view;
        var classes = context.Data.LoadFromEnumerable(Enumerable.Range(1, Classes).Select(c => new Key { Class = (uint)c }));
        return context.Transforms.Conversion.MapValueToKey(nameof(Row.Class), keyData: classes).Fit(view).Transform(view);
    }

    /// <summary>Two clouds a class.</summary>
    private static Problem Clusters(string task, int classes, Random random, int rows)
    {
        var width = random.Next(6, 17);
        var centres = Enumerable.Range(0, 2 * classes).Select(_ => Normal(random, width, 1.5)).ToArray();
        Row Draw()
        {
            var cluster = random.Next(centres.Length);
            var label = cluster % classes;
            return new Row { Features = [.. centres[cluster].Select(c => (float)(c + Normal(random)))], Class = (uint)label + 1, Flag = label == 1 };
        }
        return new Problem(task, classes, [.. Enumerable.Range(0, rows).Select(_ => Draw())], [.. Enumerable.Range(0, 300).Select(_ => Draw())]);
    }

    private static Problem Function(Random random, int rows)
    {
        var width = random.Next(4, 11);
        var (a, b) = (Normal(random, width, 1), Normal(random, width, 1 / Math.Sqrt(width)));
        var noise = random.Next(3) * 0.15 * Math.Sqrt(width);
        var (unit, offset) = (Math.Pow(10, random.Next(-2, 4)), Normal(random) * 10);
        Row Draw()
        {
            var x = Normal(random, width, 1);
            var y = a.Zip(x, (u, v) => u * v).Sum() + 2 * Math.Tanh(2 * b.Zip(x, (u, v) => u * v).Sum()) + noise * Normal(random);
            return new Row { Features = [.. x.Select(v => (float)v)], Number = (float)(unit * (y + offset)) };
        }
        return new Problem("Regression", 0, [.. Enumerable.Range(0, rows).Select(_ => Draw())], [.. Enumerable.Range(0, 300).Select(_ => Draw())]);
    }

    private static Problem Digits(Random random, int rows)
    {
        var drawn = s_digits.Value.ToArray();
        random.Shuffle(drawn);
        return new Problem("Multiclass", 10, drawn[..rows], drawn[^300..]);
    }

    private static Row[] ReadDigits() =>
    [
        .. from line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "digits.csv")).Skip(1)
           let values = line.Split(',').Select(value => float.Parse(value, CultureInfo.InvariantCulture)).ToArray()
           select new Row { Features = values[..64], Class = (uint)values[64] + 1 },
    ];

    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double[] Normal(Random random, int width, double scale) => [.. Enumerable.Range(0, width).Select(_ => scale * Normal(random))];

    private sealed class Key
    {
        public uint Class { get; set; }
    }
}
