using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What a deep network is made of, before it is trained: an immutable description that a trainer turns into TorchSharp modules.
/// Start at <see cref="FeedForward"/> and change what differs with a <see langword="with"/> expression.
/// </summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(FeedForwardNetwork), "FeedForward")]
[JsonDerivedType(typeof(AttentionNetwork), "Attention")]
[JsonDerivedType(typeof(CustomNetwork), "Custom")]
[JsonDerivedType(typeof(ConvolutionalNetwork), "Convolutional")]
[JsonDerivedType(typeof(RecurrentNetwork), "Recurrent")]
[JsonDerivedType(typeof(NetworkChoice), "BestOf")]
public abstract record Network
{
    private protected Network() { }

    /// <summary>Fully connected layers, one after the other; the output layer is added by the trainer.</summary>
    /// <param name="hiddenUnits">Units of each hidden layer, from the input on, each in [1, 65536]; at least one layer.</param>
    /// <exception cref="ArgumentOutOfRangeException">No layer, or a width outside the range.</exception>
    public static FeedForwardNetwork FeedForward(params int[] hiddenUnits) => new() { HiddenUnits = [.. Check.NotNull(hiddenUnits, nameof(hiddenUnits))] };

    /// <summary>Convolutions over images or signals, and an output layer over the mean of every channel.</summary>
    /// <param name="channels">Channels of each stage, from the input on, each in [1, 8192]; at least one stage.</param>
    /// <exception cref="ArgumentOutOfRangeException">No stage, or a number outside its range.</exception>
    public static ConvolutionalNetwork Convolutional(params int[] channels) => new() { Channels = [.. Check.NotNull(channels, nameof(channels))] };

    /// <summary>Recurrent layers over sequences, and an output layer over the last step.</summary>
    /// <param name="cell">What a layer computes at every step. Default <see langword="null"/>: <see cref="RecurrentCell.Lstm"/>.</param>
    /// <param name="hidden">Units of a layer and a way, in [1, 8192]. Default 64.</param>
    /// <param name="layers">Layers, one over the other, at least 1. Default 1.</param>
    /// <param name="bidirectional">Whether half of the units run from the last step to the first. Default <see langword="false"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside its range.</exception>
    public static RecurrentNetwork Recurrent(RecurrentCell? cell = null, int hidden = 64, int layers = 1, bool bidirectional = false) =>
        new() { Cell = cell ?? RecurrentCell.Lstm(), Hidden = hidden, Layers = layers, Bidirectional = bidirectional };

    /// <summary>The encoder of a transformer over sequences, and an output layer over what its steps became.</summary>
    /// <param name="width">Numbers of a step, a multiple of <paramref name="heads"/>, in [1, 8192]. Default 64.</param>
    /// <param name="layers">Blocks of attention and dense layers, at least 1. Default 2.</param>
    /// <param name="heads">Heads of attention, at least 1. Default 4.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside its range.</exception>
    public static AttentionNetwork Attention(int width = 64, int layers = 2, int heads = 4) => new() { Width = width, Layers = layers, Heads = heads };

    /// <summary>A network that a program describes by TorchSharp modules of known layers.</summary>
    /// <param name="factory">Makes the module of so many inputs and outputs; called once a fit, and where a trained network is compared with its file.</param>
    /// <param name="input">The image, signal or sequence that its first layer takes. Default <see langword="null"/>: rows of numbers.</param>
    /// <param name="name">What it is called. Default <c>custom</c>.</param>
    public static CustomNetwork Custom(Func<int, int, TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>> factory, InputShape? input = null, string name = "custom") =>
        new() { Factory = Check.NotNull(factory, nameof(factory)), Input = input, Name = Check.NotNull(name, nameof(name)) };

    /// <summary>The one of several networks that predicts held-out rows best, chosen in every fit.</summary>
    /// <param name="candidates">The networks, at least two, for rows of one form; the first is taken where there is nothing to choose by: see <see cref="NetworkChoice"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two, or one that cannot stand beside the first.</exception>
    public static NetworkChoice BestOf(params Network[] candidates) => new() { Candidates = [.. Check.NotNull(candidates, nameof(candidates))] };

    /// <summary>The networks of which a fit trains one, first the one that is taken where there is nothing to choose by.</summary>
    internal virtual IReadOnlyList<Network> Alternatives => [this];

    /// <summary>The same without the members that multiply its work, where it is an ensemble: to compare it by.</summary>
    internal virtual Network OneMember => this;

    /// <summary>What it has of what networks have in common.</summary>
    internal abstract NetworkTraits Traits { get; }

    /// <summary>Whether its first layer reads sparse rows slot by slot.</summary>
    internal virtual bool TakesSparseRows => false;

    /// <summary>Whether it takes vectors of keys, as tokens.</summary>
    internal virtual bool TakesKeys => false;

    /// <summary>Whether it takes vectors of unknown size, as sequences of different lengths.</summary>
    internal virtual bool TakesSequences => false;

    /// <summary>Whether such sequences can be no longer than those that it was made for.</summary>
    internal virtual bool HasMostSteps => false;

    /// <summary>Whether it reads the feature column by itself, as a sequence or an image, and joins others with what it made of it; that column then stands behind all others.</summary>
    internal virtual bool IsApart => false;

    /// <summary>Features of a row before those of such a column.</summary>
    internal virtual int Before => 0;

    /// <summary>Whether it takes several feature columns, and keys in them as categories.</summary>
    internal virtual bool TakesCategories => false;

    /// <summary>The columns of keys that it was fitted to, as categories; the last features of a row.</summary>
    internal virtual IReadOnlyList<KeyColumn> Categories => [];

    /// <summary>Of the features of a row those that are numbers.</summary>
    internal int NumbersOf(int features) => features - Categories.Sum(column => column.Slots);

    /// <summary>The form of a row; <see langword="null"/> where rows are no more than their numbers.</summary>
    internal virtual InputShape? Shape => null;

    /// <summary>The options that contradict each other within it, and why.</summary>
    internal virtual IEnumerable<(string Option, string Reason)> Objections() => [];

    /// <summary>The same network with other <see cref="Traits"/>; those that it does not have stay as they are.</summary>
    internal abstract Network With(NetworkTraits traits);

    /// <summary>
    /// The mean factor that a hidden layer puts on the norm of a gradient on its way back, by mean-field theory: √(E[f'(x)²]·‖W‖²/units),
    /// geometric mean over the layers, x normal with variance E[f(x')²]·‖W‖²/units, x' the layer before's, 1 at the input (He et al. 2015;
    /// Schoenholz et al. 2017). Normalization and shortcuts are left out: the factor describes the initial weights. <see langword="null"/> where
    /// theory does not know the layers.
    /// </summary>
    internal virtual double? LayerFactor(NetworkModule module)
    {
        if (Traits.Activation is not { } activation)
            return null;
        double logs = 0, meanSquare = 1;
        var depth = module.Layers.Count - 1 - module.Doors;
        foreach (var layer in module.Layers.Skip(module.Doors).Take(depth))
        {
            var scale = layer.SquaredWeightNorm() / layer.Units;
            var variance = scale * meanSquare;
            logs += 0.5 * Math.Log(activation.MeanSquaredSlope(variance) * scale);
            meanSquare = activation.MeanSquare(variance);
        }
        return Math.Exp(logs / depth);
    }

    /// <summary>Weights in the largest matrix, also of an autoencoder, whose decoder mirrors its encoder.</summary>
    internal abstract long LargestMatrix(int inputs, int outputs);

    /// <summary>
    /// What differs, of two networks, in parts whose first value is an option and whose later ones are learnt, so that a graph does not show it;
    /// <see langword="null"/> for nothing.
    /// </summary>
    internal abstract string? DifferenceFrom(Network previous);

    /// <summary>The same network with what it leaves to the data.</summary>
    /// <param name="rows">Training rows.</param>
    /// <param name="areSparse">Whether they are wide and sparse.</param>
    /// <param name="column">The feature column.</param>
    /// <param name="previous">The network that training goes on from; <see langword="null"/> for none.</param>
    /// <exception cref="InvalidOperationException">It cannot take rows of such a column.</exception>
    internal abstract Network For(long rows, bool areSparse, ColumnShape column, Network? previous);

    /// <summary>What its encoding makes of the features; <see langword="null"/> where it leaves them as they are.</summary>
    internal virtual InputCode? Encode(FeatureSample features) => null;

    /// <summary>The same of a file that was written before; by the names of its constants.</summary>
    internal virtual InputCode? ReadCode(int features, Func<string, Array?> constants) => null;

    /// <summary>Builds the modules and sets their weights; <paramref name="code"/> stands between the input and the first layer.</summary>
    internal abstract NetworkModule CreateModule(int inputs, int outputs, in Origin origin, InputCode? code = null);

    /// <summary>The same with outputs for every step of a sequence, batch × steps × outputs.</summary>
    /// <param name="inputs">Features a row.</param>
    /// <param name="outputs">Of a step.</param>
    /// <param name="origin">Of the weights.</param>
    /// <param name="label">How the label of a step enters the next, where it does: <see cref="FeedsLabels"/>.</param>
    /// <exception cref="NotSupportedException">Its rows have no steps: <see cref="HasSteps"/>.</exception>
    internal virtual NetworkModule CreateOfSteps(int inputs, int outputs, in Origin origin, FedLabel label) => throw new NotSupportedException();

    /// <summary>Whether it can have outputs for every step.</summary>
    internal virtual bool HasSteps => false;

    /// <summary>Whether the label of each step enters the next, which only rows with a label for every step have.</summary>
    internal virtual bool FeedsLabels => false;

    /// <summary>The same down to an embedding, and its mirror image back to the inputs.</summary>
    /// <exception cref="NotSupportedException">Its layers have no mirror image: <see cref="HasMirror"/>.</exception>
    internal virtual NetworkModule CreateAutoencoder(int inputs, int embedding, in Origin origin, InputCode? code = null) => throw new NotSupportedException();

    /// <summary>Whether it can be an autoencoder.</summary>
    internal virtual bool HasMirror => false;
}
