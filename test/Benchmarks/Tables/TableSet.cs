using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tables;

/// <summary>What is predicted.</summary>
internal enum TableTask
{
    Binary,
    Multi,
    Reg,
}

/// <summary>One table in memory: numbers (NaN missing), categories (empty missing) and the label of every row.</summary>
internal sealed class TableSet
{
    private readonly (float[] Numbers, string[] Categories, float Label)[] _rows;
    private readonly int _classes;

    private TableSet(string name, TableTask task, (float[], string[], float)[] rows, int classes) => (Name, Task, _rows, _classes) = (name, task, rows, classes);

    public string Name { get; }

    public TableTask Task { get; }

    public int Rows => _rows.Length;

    public static TableSet Load(string path)
    {
        var lines = File.ReadAllLines(path).Select(line => line.Split(',')).ToArray();
        int[] Of(char kind) => [.. Enumerable.Range(0, lines[0].Length - 1).Where(i => lines[0][i][0] == kind)];
        var (numbers, categories) = (Of('n'), Of('c'));
        var name = Path.GetFileName(path).Split('.');
        var task = Enum.Parse<TableTask>(name[1], ignoreCase: true);
        var classes = lines.Skip(1).Select(cells => cells[^1]).Distinct().Order(StringComparer.Ordinal).ToList();
        return new TableSet(name[0], task, [.. lines.Skip(1).Select(cells => (
            numbers.Select(i => float.Parse(cells[i], CultureInfo.InvariantCulture)).ToArray(),
            categories.Select(i => cells[i]).ToArray(),
            task == TableTask.Multi ? classes.IndexOf(cells[^1]) : float.Parse(cells[^1], CultureInfo.InvariantCulture)))], classes.Count);
    }

    /// <summary>The training and the test rows of every fold, both featurized by the training rows.</summary>
    public IEnumerable<(IDataView Train, IDataView Test)> Folds(MLContext ml, int seed, int folds)
    {
        var order = Enumerable.Range(0, Rows).ToArray();
        new Random(seed).Shuffle(order);
        for (var fold = 0; fold < folds; fold++)
        {
            int[] train = [.. order.Where((_, place) => place % folds != fold)], test = [.. order.Where((_, place) => place % folds == fold)];
            var means = _rows[0].Numbers.Select((_, i) => train.Select(row => _rows[row].Numbers[i]).Where(number => !float.IsNaN(number)).Average()).ToArray();
            var categories = _rows[0].Categories.Select((_, i) => train.Select(row => _rows[row].Categories[i]).Where(name => name != "").Distinct().Order(StringComparer.Ordinal).ToArray()).ToArray();
            yield return (View(ml, train, means, categories), View(ml, test, means, categories));
        }
    }

    /// <summary>Missing numbers by the mean, categories as indicators.</summary>
    private IDataView View(MLContext ml, int[] rows, float[] means, string[][] categories)
    {
        float[] Features(int row) =>
        [
            .. _rows[row].Numbers.Select((number, i) => float.IsNaN(number) ? means[i] : number),
            .. _rows[row].Categories.SelectMany((category, i) => categories[i].Select(name => name == category ? 1f : 0)),
        ];
        return Task switch
        {
            TableTask.Binary => Load<bool>(BooleanDataViewType.Instance, label => label > 0),
            TableTask.Multi => Load<uint>(new KeyDataViewType(typeof(uint), _classes), label => (uint)label),
            _ => Load<float>(NumberDataViewType.Single, label => label),
        };

        IDataView Load<T>(DataViewType type, Func<float, T> label)
        {
            var schema = SchemaDefinition.Create(typeof(Row<T>));
            schema[nameof(Row<T>.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, means.Length + categories.Sum(names => names.Length));
            schema[nameof(Row<T>.Label)].ColumnType = type;
            return ml.Data.LoadFromEnumerable(rows.Select(row => new Row<T> { Features = Features(row), Label = label(_rows[row].Label) }).ToArray(), schema);
        }
    }

    private sealed class Row<T>
    {
        public float[] Features { get; set; } = [];

        public T Label { get; set; } = default!;
    }
}
