using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace Tables;

/// <summary>A trainer with default options but for its threads, of which it gets one.</summary>
/// <param name="Name">As the table shows it.</param>
/// <param name="Create">It, for a task.</param>
/// <param name="IsTree">Whether it is one of the trees whose time ours is held against.</param>
internal sealed record Contestant(string Name, Func<MLContext, TableTask, IEstimator<ITransformer>> Create, bool IsTree = false)
{
    public const string Ours = "DeepNetwork";

    public static IReadOnlyList<Contestant> Others { get; } =
    [
        new("LightGBM", LightGbm, IsTree: true),
        new("FastTree", FastTree, IsTree: true),
        new("FastForest", FastForest, IsTree: true),
        new("SDCA", Sdca),
        new("L-BFGS", Lbfgs),
    ];

    /// <summary>The deep network, with options changed where a study does so.</summary>
    public static Contestant Network(string name, Action<DeepNetworkOptions>? change = null) => new(name, (ml, task) =>
    {
        return task switch
        {
            TableTask.Binary => ml.BinaryClassification.Trainers.DeepNetwork(Changed(new DeepNetworkBinaryTrainer.Options())),
            TableTask.Multi => ml.MulticlassClassification.Trainers.DeepNetwork(Changed(new DeepNetworkMulticlassTrainer.Options())),
            _ => ml.Regression.Trainers.DeepNetwork(Changed(new DeepNetworkRegressionTrainer.Options())),
        };

        T Changed<T>(T options) where T : DeepNetworkOptions
        {
            options.Threads = 1;
            change?.Invoke(options);
            return options;
        }
    });

    private static IEstimator<ITransformer> LightGbm(MLContext ml, TableTask task) => task switch
    {
        TableTask.Binary => ml.BinaryClassification.Trainers.LightGbm(new LightGbmBinaryTrainer.Options { NumberOfThreads = 1 }),
        TableTask.Multi => ml.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options { NumberOfThreads = 1 }),
        _ => ml.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options { NumberOfThreads = 1 }),
    };

    private static IEstimator<ITransformer> FastTree(MLContext ml, TableTask task) => task == TableTask.Reg
        ? ml.Regression.Trainers.FastTree(new FastTreeRegressionTrainer.Options { NumberOfThreads = 1 })
        : Classes(ml, task, ml.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options { NumberOfThreads = 1 }));

    /// <summary>It gives no probabilities by itself.</summary>
    private static IEstimator<ITransformer> FastForest(MLContext ml, TableTask task)
    {
        if (task == TableTask.Reg)
            return ml.Regression.Trainers.FastForest(new FastForestRegressionTrainer.Options { NumberOfThreads = 1 });
        var forest = ml.BinaryClassification.Trainers.FastForest(new FastForestBinaryTrainer.Options { NumberOfThreads = 1 });
        return task == TableTask.Binary ? forest.Append(ml.BinaryClassification.Calibrators.Platt()) : Classes(ml, task, forest);
    }

    private static IEstimator<ITransformer> Sdca(MLContext ml, TableTask task) => Scaled(ml, task switch
    {
        TableTask.Binary => ml.BinaryClassification.Trainers.SdcaLogisticRegression(new SdcaLogisticRegressionBinaryTrainer.Options { NumberOfThreads = 1 }),
        TableTask.Multi => ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = 1 }),
        _ => ml.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options { NumberOfThreads = 1 }),
    });

    private static IEstimator<ITransformer> Lbfgs(MLContext ml, TableTask task) => Scaled(ml, task switch
    {
        TableTask.Binary => ml.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options { NumberOfThreads = 1 }),
        TableTask.Multi => ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = 1 }),
        _ => ml.Regression.Trainers.LbfgsPoissonRegression(new LbfgsPoissonRegressionTrainer.Options { NumberOfThreads = 1 }),
    });

    private static IEstimator<ITransformer> Classes<T>(MLContext ml, TableTask task, ITrainerEstimator<BinaryPredictionTransformer<T>, T> binary) where T : class =>
        task == TableTask.Multi ? ml.MulticlassClassification.Trainers.OneVersusAll(binary) : (IEstimator<ITransformer>)binary;

    /// <summary>Linear trainers need features of one size.</summary>
    private static IEstimator<ITransformer> Scaled(MLContext ml, IEstimator<ITransformer> trainer) =>
        ml.Transforms.NormalizeMeanVariance("Features").Append(trainer);
}
