using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>What is known of a fit so far: what it started from, what its steps did, how it ended. Causes are judged by it.</summary>
internal sealed class FitEvidence
{
    private double? _guessing;
    private double _logUpdate;
    private int _updates;
    private double _logClip;
    private double _logNorm;
    private long _weakSteps;
    private double _heard;
    private int _reaches;

    public FitEvidence(TrainingOptions options, Objective objective, NetworkModule module, FlatParameters parameters, DataFacts data)
    {
        (Options, Objective, Data, Layers) = (options, objective, data, parameters.Layers);
        DeepLayers = [.. Layers.Skip(module.Doors)];
        Depth = DeepLayers.Count - 1;
        Network = options.Network.Traits;
        using (no_grad())
            LayerFactor = options.Network.LayerFactor(module);
        FirstWeightNorm = WeightNorm = NormOfWeights(parameters);
    }

    public TrainingOptions Options { get; }

    public NetworkTraits Network { get; }

    public Objective Objective { get; }

    public DataFacts Data { get; }

    public FlatParameters.LayerSlice[] Layers { get; }

    /// <summary>Those that stand one behind the other: all but the embeddings of keys.</summary>
    public IReadOnlyList<FlatParameters.LayerSlice> DeepLayers { get; }

    /// <summary>Hidden layers.</summary>
    public int Depth { get; }

    /// <summary>The mean factor that a hidden layer puts on a gradient by its first weights: <see cref="Network.LayerFactor"/>; <see langword="null"/> where theory does not know.</summary>
    public double? LayerFactor { get; }

    public long Rows => Data.Rows;

    public double Guessing => _guessing ??= Objective.LossOfGuessing;

    public long Step { get; private set; }

    public double FirstLoss { get; private set; } = double.NaN;

    public LossCourse Loss { get; } = new();

    /// <summary>The factor a layer puts on the gradient, measured at the first step.</summary>
    public double FirstDepthFactor { get; private set; } = double.NaN;

    public double FirstWeightNorm { get; }

    public double WeightNorm { get; private set; }

    /// <summary>‖Δw‖/‖w‖ of the first step; NaN before it.</summary>
    public double FirstUpdateRatio { get; private set; } = double.NaN;

    /// <summary>The geometric mean of all that were measured; NaN before any.</summary>
    public double UpdateRatio => _updates == 0 ? double.NaN : Math.Exp(_logUpdate / _updates);

    public double LastUpdateRatio { get; private set; } = double.NaN;

    /// <summary>Steps taken.</summary>
    public long Taken { get; private set; }

    public long Clipped { get; private set; }

    public double ClippedShare => Taken == 0 ? 0 : (double)Clipped / Taken;

    /// <summary>Geometric mean of what clipping left of the norm.</summary>
    public double ClipFactor => Taken == 0 ? 1 : Math.Exp(_logClip / Taken);

    /// <summary>The greatest norm of a gradient in steps that were taken, before clipping.</summary>
    public double GreatestNorm { get; private set; }

    /// <summary>Geometric mean of the same norms.</summary>
    public double UsualNorm => Taken == 0 ? 0 : Math.Exp(_logNorm / Taken);

    /// <summary>Norm after clipping, at the last step.</summary>
    public double ClippedNorm { get; private set; }

    /// <summary>Share of the steps whose rate was below a hundredth of the optimizer's.</summary>
    public double WeakShare => Taken == 0 ? 0 : (double)_weakSteps / Taken;

    /// <summary>How far back the gradient reached over the steps of sequences, at the latest full look.</summary>
    public TimeReach Reach { get; private set; }

    /// <summary>
    /// Mean <see cref="TimeReach.HeardShare"/> of all full looks at a recurrent network, in (0, 1]; 1 of others and before any. What stands in the other steps was hardly ever learnt from: whether
    /// there is a rule in them, this fit cannot tell.
    /// </summary>
    public double HeardShare => _reaches == 0 ? 1 : _heard / _reaches;

    /// <summary>Hidden layers whose units all got the same gradient, at the first full look.</summary>
    public bool UnitsAreAlike { get; set; }

    /// <summary>The activations of the hidden layers at the first and at the latest full look; empty before.</summary>
    public ActivationStatistics[] FirstActivations { get; set; } = [];

    public ActivationStatistics[] Activations { get; set; } = [];

    /// <summary>Layer by layer at the latest full look that was followed by a step; empty before.</summary>
    public IReadOnlyList<LayerStatistics> LayerStatistics { get; private set; } = [];

    /// <summary>The schedule's factor at that step.</summary>
    public double LastFactor { get; private set; }

    /// <summary>Cosine of the gradients of two steps in a row at the latest full look; 0 where it was not measured.</summary>
    public double Cosine { get; set; }

    /// <summary>The units of a hidden layer that give the same for every row, at the latest full look.</summary>
    public Func<int, int[]> DeadUnits { get; set; } = _ => [];

    /// <summary>Greatest share of dead units of a hidden layer.</summary>
    public static double Dead(ActivationStatistics[] activations) => activations.Length == 0 ? 0 : activations.Max(a => a.Dead);

    /// <summary>How the fit was judged when it ended; none while it runs.</summary>
    public FinalJudgement? End { get; set; }

    /// <summary>Whether the loss is clearly below what it began with and below guessing: the network learns, whatever its gradients look like.</summary>
    public bool Learns => Loss.Mean < 0.97 * Math.Min(Guessing, Math.Max(FirstLoss, Guessing));

    /// <summary>Whether it came far down from where it began, though perhaps not below guessing yet.</summary>
    public bool Falls => Loss.Mean < 0.5 * FirstLoss;

    public void Observe(StepObservation step)
    {
        Step = step.Step;
        if (!step.IsFinite)
            return;
        if (double.IsNaN(FirstLoss))
        {
            FirstLoss = step.Loss;
            FirstDepthFactor = DepthFactor.Of(step.DepthNorms);
        }
        Loss.Add(step.Loss);
    }

    public void Reached(TimeReach reach)
    {
        Reach = reach;
        if (Network.Cell is null || reach.Length == 0)
            return;
        _heard += reach.HeardShare;
        _reaches++;
    }

    public void Updated(double norm, double clippedNorm, bool clipped, double factor)
    {
        Taken++;
        ClippedNorm = clippedNorm;
        GreatestNorm = Math.Max(GreatestNorm, norm);
        _logNorm += Math.Log(Math.Max(norm, double.Epsilon));
        if (clipped)
            Clipped++;
        _logClip += clipped && norm > 0 && clippedNorm > 0 ? Math.Log(clippedNorm / norm) : 0;
        if (factor < 0.01)
            _weakSteps++;
    }

    public void Moved(double updateRatio, double weightNorm, IReadOnlyList<LayerStatistics> layers, double factor)
    {
        (LayerStatistics, LastFactor) = (layers, factor);
        if (double.IsNaN(FirstUpdateRatio))
            FirstUpdateRatio = updateRatio;
        (LastUpdateRatio, WeightNorm) = (updateRatio, weightNorm);
        _logUpdate += Math.Log(Math.Clamp(updateRatio, 1e-12, 1e12));
        _updates++;
    }

    /// <summary>Of all weight matrices; scales, slopes and biases left out.</summary>
    public static double NormOfWeights(FlatParameters parameters)
    {
        var norms = new double[parameters.Parameters.Length];
        FlatParameters.Norms<FlatParameters.ParameterSlice>(parameters.Weights, parameters.Parameters, norms);
        var squares = 0.0;
        foreach (var (parameter, norm) in parameters.Parameters.Zip(norms))
            if (parameter.IsWeight)
                squares += norm * norm;
        return Math.Sqrt(squares);
    }
}
