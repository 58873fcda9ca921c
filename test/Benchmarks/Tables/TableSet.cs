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
    private readonly Row[] _rows;
    private readonly int _numbers;
    private readonly int _categories;

    private TableSet(string name, TableTask task, Row[] rows)
    {
        (Name, Task, _rows) = (name, task, rows);
        (_numbers, _categories) = (rows[0].Numbers.Length, rows[0].Categories.Length);
    }

    public string Name { get; }

    public TableTask Task { get; }

    public int Rows => _rows.Length;

    public static TableSet Load(string path)
    {
        var lines = File.ReadAllLines(path);
        var columns = lines[0].Split(',');
        int[] Of(char kind) => [.. Enumerable.Range(0, columns.Length - 1).Where(i => columns[i][0] == kind)];
        var (numbers, categories) = (Of('n'), Of('c'));
        var name = Path.GetFileName(path).Split('.');
        var task = Enum.Parse<TableTask>(name[1], ignoreCase: true);
        return new TableSet(name[0], task, [.. lines.Skip(1).Select(line => line.Split(',')).Select(cells => new Row
        {
            Numbers = [.. numbers.Select(i => float.Parse(cells[i], CultureInfo.InvariantCulture))],
            Categories = [.. categories.Select(i => cells[i])],
            Class = task == TableTask.Multi ? cells[^1] : "",
            Label = task == TableTask.Multi ? 0 : float.Parse(cells[^1], CultureInfo.InvariantCulture),
        })]);
    }

    /// <summary>The training and the test rows of every fold, each featurized by its training rows alone.</summary>
    public IEnumerable<(IDataView Train, IDataView Test)> Folds(MLContext ml, int seed, int folds)
    {
        var order = Enumerable.Range(0, Rows).ToArray();
        new Random(seed).Shuffle(order);
        for (var fold = 0; fold < folds; fold++)
        {
            var train = View(ml, order.Where((_, place) => place % folds != fold));
            var test = View(ml, order.Where((_, place) => place % folds == fold));
            var featurizer = Featurizer(ml).Fit(train);
            yield return (ml.Data.Cache(featurizer.Transform(train), "Features", "Label"), ml.Data.Cache(featurizer.Transform(test), "Features", "Label"));
        }
    }

    /// <summary>Missing numbers by the mean, categories as indicators; classes as keys over the whole table, so that every fold has them all.</summary>
    private IEstimator<ITransformer> Featurizer(MLContext ml)
    {
        IEstimator<ITransformer> chain = Task switch
        {
            TableTask.Binary => ml.Transforms.Conversion.ConvertType("Label", outputKind: DataKind.Boolean),
            TableTask.Multi => ml.Transforms.Conversion.MapValueToKey("Label", "Class", keyData: Classes(ml)),
            _ => ml.Transforms.CopyColumns("Label", "Label"),
        };
        if (_numbers > 0)
            chain = chain.Append(ml.Transforms.ReplaceMissingValues("Numbers", replacementMode: Microsoft.ML.Transforms.MissingValueReplacingEstimator.ReplacementMode.Mean));
        if (_categories > 0)
            chain = chain.Append(ml.Transforms.Categorical.OneHotEncoding("Categories"));
        string[] inputs = [.. _numbers > 0 ? ["Numbers"] : Array.Empty<string>(), .. _categories > 0 ? ["Categories"] : Array.Empty<string>()];
        return chain.Append(ml.Transforms.Concatenate("Features", inputs));
    }

    private IDataView Classes(MLContext ml) => ml.Data.LoadFromEnumerable(_rows.Select(row => row.Class).Distinct().Order().Select(name => new { Class = name }));

    private IDataView View(MLContext ml, IEnumerable<int> rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Numbers)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _numbers);
        schema[nameof(Row.Categories)].ColumnType = new VectorDataViewType(TextDataViewType.Instance, _categories);
        if (_numbers == 0)
            schema.Remove(schema[nameof(Row.Numbers)]);
        if (_categories == 0)
            schema.Remove(schema[nameof(Row.Categories)]);
        return ml.Data.LoadFromEnumerable(rows.Select(i => _rows[i]).ToArray(), schema);
    }

    private sealed class Row
    {
        public float[] Numbers { get; set; } = [];
        public string[] Categories { get; set; } = [];
        public string Class { get; set; } = "";
        public float Label { get; set; }
    }
}
