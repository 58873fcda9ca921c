using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;
using static Microsoft.ML.Transforms.MissingValueReplacingEstimator;
using static Microsoft.ML.Transforms.ValueToKeyMappingEstimator;

namespace Tables;

/// <summary>A table with categories as ML.NET loads it, each in a column of its own, and the pipelines that make features of them.</summary>
internal sealed class CategoryTable
{
    private readonly string[] _rows;
    private readonly TextLoader.Column[] _columns;
    private readonly string[] _categories;
    private readonly bool _hasNumbers;
    private readonly TableTask _task;

    /// <param name="path">The file.</param>
    /// <param name="task">What is predicted.</param>
    public CategoryTable(string path, TableTask task)
    {
        var lines = File.ReadAllLines(path);
        var names = lines[0].Split(',');
        (_rows, _task) = (lines[1..], task);
        int[] Of(char kind) => [.. Enumerable.Range(0, names.Length - 1).Where(i => names[i][0] == kind)];
        _categories = [.. Of('c').Select(i => names[i])];
        _hasNumbers = Of('n').Length > 0;
        var label = task switch { TableTask.Binary => DataKind.Boolean, TableTask.Multi => DataKind.String, _ => DataKind.Single };
        _columns =
        [
            .. _hasNumbers ? [new TextLoader.Column("Numbers", DataKind.Single, [.. Of('n').Select(i => new TextLoader.Range(i))])] : (TextLoader.Column[])[],
            .. Of('c').Select(i => new TextLoader.Column(names[i], DataKind.String, i)),
            new TextLoader.Column("Label", label, names.Length - 1),
        ];
    }

    public bool HasCategories => _categories.Length > 0;

    /// <summary>The network with default options over learned embeddings, and over indicators.</summary>
    public IReadOnlyList<Contestant> Contestants()
    {
        var (first, others) = _hasNumbers ? ("Numbers", _categories) : (_categories[0], _categories[1..]);
        var embeddings = Contestant.Network("embeddings", options => (options.FeatureColumnName, ((SupervisedOptions)options).ExtraFeatureColumns) = (first, others));
        var indicators = Contestant.Network("indicators");
        return
        [
            embeddings with { Create = (ml, task) => Prepared(ml).Append(ml.Transforms.Conversion.MapValueToKey(Pairs())).Append(embeddings.Create(ml, task)) },
            indicators with
            {
                Create = (ml, task) => Prepared(ml).Append(ml.Transforms.Categorical.OneHotEncoding(Pairs()))
                    .Append(ml.Transforms.Concatenate("Features", _hasNumbers ? [first, .. _categories] : _categories)).Append(indicators.Create(ml, task)),
            },
        ];
    }

    /// <summary>The training and the test rows of every fold.</summary>
    public IEnumerable<(IDataView Train, IDataView Test)> Folds(MLContext ml, int seed, int folds, string folder)
    {
        var order = Enumerable.Range(0, _rows.Length).ToArray();
        new Random(seed).Shuffle(order);
        var loader = ml.Data.CreateTextLoader(new TextLoader.Options { Separators = [','], Columns = _columns });
        for (var fold = 0; fold < folds; fold++)
            yield return (Load("train", place => place % folds != fold), Load("test", place => place % folds == fold));

        IDataView Load(string name, Func<int, bool> takes)
        {
            var path = Path.Combine(folder, name);
            File.WriteAllLines(path, order.Where((_, place) => takes(place)).Select(row => _rows[row]));
            return loader.Load(path);
        }
    }

    private InputOutputColumnPair[] Pairs() => [.. _categories.Select(name => new InputOutputColumnPair(name))];

    private IEstimator<ITransformer> Prepared(MLContext ml)
    {
        IEstimator<ITransformer> prepared = _hasNumbers
            ? ml.Transforms.ReplaceMissingValues("Numbers", replacementMode: ReplacementMode.Mean) : ml.Transforms.CopyColumns("Copy", "Label");
        return _task == TableTask.Multi ? prepared.Append(ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: KeyOrdinality.ByValue)) : prepared;
    }
}
