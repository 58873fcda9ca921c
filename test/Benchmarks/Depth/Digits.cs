using Microsoft.ML;
using Microsoft.ML.Data;

namespace Depth;

/// <summary>The handwritten digits, four fifths to train on and one to judge by.</summary>
internal sealed class Digits
{
    public const int Features = 64;

    private readonly MLContext _context = new(seed: 1);

    public Digits()
    {
        var loader = _context.Data.CreateTextLoader(new TextLoader.Options
        {
            HasHeader = true,
            Separators = [','],
            Columns = [new(nameof(Features), DataKind.Single, 0, Features - 1), new("Label", DataKind.String, Features)],
        });
        var rows = _context.Data.Cache(loader.Load(Path.Combine(AppContext.BaseDirectory, "digits.csv")));
        var split = _context.Data.TrainTestSplit(rows, testFraction: 0.2, seed: 1);
        var keys = _context.Transforms.Conversion.MapValueToKey("Label").Fit(rows);
        (Training, Test) = (keys.Transform(split.TrainSet), keys.Transform(split.TestSet));
    }

    public IDataView Training { get; }

    public IDataView Test { get; }

    public MLContext Context => _context;
}
