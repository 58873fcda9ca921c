using System.Collections.Immutable;
using System.Text.Json.Serialization;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A feed-forward network of L hidden layers over rows x₀ (batch × features). With φ normalization and activation, d dropout, s a shortcut
/// and g a gate:
/// <code>
/// plain                 x_l = d(φ(x_{l-1}·W_lᵀ + b_l))                            output  x_L·Wᵀ + b
/// residual, pre-norm    x₁ = x₀·W₁ᵀ + b₁
///                       x_l = s(x_{l-1}) + g·d(φ(x_{l-1})·W_lᵀ + b_l), l ≥ 2      output  φ(x_L)·Wᵀ + b
/// residual, post-norm   x₁ = φ(x₀·W₁ᵀ + b₁)
///                       x_l = φ(s(x_{l-1}) + g·d(x_{l-1}·W_lᵀ + b_l)), l ≥ 2      output  x_L·Wᵀ + b
/// </code>
/// The pre-norm form is the full pre-activation of He et al. 2016 ("Identity mappings in deep residual networks"): nothing stands on
/// the shortcut. With <see cref="Residual.BranchLayers"/> above 1 a shortcut spans several layers, with φ between them.
/// φ is activation(normalization(x)), or normalization(activation(x)) with <see cref="NormalizeAfterActivation"/>.
/// </summary>
public sealed record FeedForwardNetwork : Network
{
    /// <summary>Beyond so many, a line tells but how many there are.</summary>
    private const int MostWidths = 20;

    private const double FewRows = 1500, ManyRows = 3000;

    /// <summary>Weights of an ONNX file.</summary>
    private const double Most = 500e6;

    private readonly ImmutableArray<int> _hiddenUnits = [256, 256];
    private readonly InputEncoding _encoding = InputEncoding.None;
    private readonly Activation _activation = Activation.Relu;
    private readonly Normalization _normalization = Normalization.Layer;
    private readonly WeightParametrization _parametrization = WeightParametrization.None;
    private readonly double _dropout;
    private readonly double _alphaDropout;
    private readonly int? _ensemble = 1;
    private readonly int? _embeddingWidth;
    private readonly ImmutableArray<KeyColumn> _keyColumns = [];

    [JsonConstructor]
    internal FeedForwardNetwork() { }

    /// <summary>Units of each hidden layer, from the input on. Each in [1, 65536]; default 256, 256.</summary>
    public ImmutableArray<int> HiddenUnits
    {
        get => _hiddenUnits;
        init
        {
            Check.That(!value.IsDefaultOrEmpty, nameof(HiddenUnits), "empty", "a network needs at least one hidden layer, such as Network.FeedForward(256, 256)");
            for (var i = 0; i < value.Length; i++)
                Check.That(value[i] is >= 1 and <= 65536, nameof(HiddenUnits), value[i], $"hidden layer {i + 1} must have 1 to 65536 units");
            _hiddenUnits = value;
        }
    }

    /// <summary>The form in which the first layer gets the features. Default <see cref="InputEncoding.None"/>: as numbers.</summary>
    public InputEncoding Encoding { get => _encoding; init => _encoding = Check.NotNull(value, nameof(Encoding)); }

    /// <summary>The nonlinearity of the hidden layers. Default <see cref="Activation.Relu"/>.</summary>
    public Activation Activation { get => _activation; init => _activation = Check.NotNull(value, nameof(Activation)); }

    /// <summary>What keeps the signal of the hidden layers in range. Default <see cref="Normalization.Layer"/>.</summary>
    public Normalization Normalization { get => _normalization; init => _normalization = Check.NotNull(value, nameof(Normalization)); }

    /// <summary>Whether a hidden layer normalizes what its activation gives, and not what it gets. Default <see langword="false"/>.</summary>
    public bool NormalizeAfterActivation { get; init; }

    /// <summary>What keeps the weights in range. Default <see cref="WeightParametrization.None"/>.</summary>
    public WeightParametrization WeightParametrization
    {
        get => _parametrization;
        init => _parametrization = Check.NotNull(value, nameof(WeightParametrization));
    }

    /// <summary>The shortcuts around the hidden layers but the first. Default <see langword="null"/>: none, every layer replaces its input.</summary>
    public Residual? Residual { get; init; }

    /// <summary>
    /// Whether the hidden layers add a learned number to every unit. Default <see langword="null"/>: where it has an effect, that is,
    /// unless batch normalization takes it away again.
    /// </summary>
    public bool? Bias { get; init; }

    /// <summary>The share of hidden units set to zero at random in a training step, in [0, 1). Default 0.</summary>
    public double Dropout { get => _dropout; init => _dropout = Check.InRange(value, 0, 1, nameof(Dropout), upperIncluded: false); }

    /// <summary>
    /// The share of hidden units set to where SELU saturates in a training step, the rest scaled and shifted so that mean and variance
    /// stay (Klambauer et al. 2017), in [0, 1). With <see cref="Activation.Selu"/> alone. Default 0.
    /// </summary>
    public double AlphaDropout
    {
        get => _alphaDropout;
        init => _alphaDropout = Check.InRange(value, 0, 1, nameof(AlphaDropout), upperIncluded: false);
    }

    /// <summary>
    /// Members of an ensemble, in [1, 64], trained in one pass: they share the hidden layers, but each gets the features times factors of its own and
    /// ends in an output layer of its own. The model gives the mean of their predictions, of classes that of their probabilities. A step takes about
    /// as many times the work. <see langword="null"/>: by the training rows, 4 for up to 1,500, 1 from 3,000 on, in between by the logarithm of the
    /// rows, and 1 where rows are wide and sparse; where training goes on, as many as there are. Default 1: one network. Not with an autoencoder.
    /// </summary>
    public int? Ensemble
    {
        get => _ensemble;
        init
        {
            Check.That(value is null or (>= 1 and <= 64), nameof(Ensemble), value, "it must be in [1, 64]");
            _ensemble = value;
        }
    }

    /// <summary>
    /// Numbers by which a key of a category is described, learned with the network, in [1, 65536]. Default <see langword="null"/>: by the number n of
    /// different keys of a column 1.6·n^0.56, rounded (Howard and Gugger 2020, "fastai"), and 50 at most.
    /// </summary>
    public int? EmbeddingWidth
    {
        get => _embeddingWidth;
        init
        {
            Check.That(value is null or (>= 1 and <= 65536), nameof(EmbeddingWidth), value, "it must be in [1, 65536]");
            _embeddingWidth = value;
        }
    }

    /// <summary>The columns of keys that it was fitted to, the last features of a row.</summary>
    [JsonInclude]
    internal ImmutableArray<KeyColumn> KeyColumns
    {
        get => _keyColumns;
        init
        {
            Check.That(!value.IsDefault && value.All(column => column is { Name: not null, Slots: >= 1, Keys: >= 1 }), nameof(KeyColumns), "such",
                "each has a Name, and at least one of Slots and of Keys; leave it out, a fit sets it");
            _keyColumns = value;
        }
    }

    internal override NetworkTraits Traits => new()
    {
        HiddenUnits = HiddenUnits, Activation = Activation, Normalization = Normalization, NormalizeAfterActivation = NormalizeAfterActivation,
        WeightParametrization = WeightParametrization, CanSkip = true, Residual = Residual, Ensemble = Ensemble, Bias = Bias, Dropout = Dropout, AlphaDropout = AlphaDropout,
    };

    internal override bool TakesSparseRows => WeightParametrization is NoWeightParametrization && Ensemble is not > 1 && KeyColumns.IsEmpty;

    internal override bool TakesCategories => true;

    internal override IReadOnlyList<KeyColumn> Categories => KeyColumns;

    internal override bool HasMirror => true;

    internal override Network OneMember => this with { Ensemble = 1 };

    internal override Network With(NetworkTraits traits) => this with
    {
        Activation = traits.Activation!, Normalization = traits.Normalization!, Residual = traits.Residual,
        Dropout = traits.Dropout!.Value, AlphaDropout = traits.AlphaDropout!.Value,
    };

    /// <inheritdoc />
    public bool Equals(FeedForwardNetwork? other) => other is not null
        && _hiddenUnits.AsSpan().SequenceEqual(other._hiddenUnits.AsSpan())
        && KeyColumns.AsSpan().SequenceEqual(other.KeyColumns.AsSpan())
        && Choices().Equals(other.Choices());

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(_hiddenUnits.Length, _hiddenUnits[0], Choices());

    /// <summary>One readable line, such as <c>30 × 64 Relu, normalization Layer, residual Identity</c>.</summary>
    public override string ToString()
    {
        var text = $"{Widths()} {Activation}, normalization {Normalization}";
        if (Ensemble is not 1)
            text = Ensemble is { } members ? $"ensemble of {members}, {text}" : $"ensemble by rows, {text}";
        if (Encoding is not NoEncoding)
            text = $"encoding {Encoding}, {text}";
        if (EmbeddingWidth is { } width)
            text += $", embeddings of {width}";
        if (NormalizeAfterActivation)
            text += " after activation";
        if (WeightParametrization is not NoWeightParametrization)
            text += $", {WeightParametrization}";
        if (Residual is not null)
            text += $", residual {Residual}";
        if (Bias is { } bias)
            text += bias ? ", with bias" : ", no bias";
        if (Dropout > 0)
            text += Invariant($", dropout {Dropout}");
        if (AlphaDropout > 0)
            text += Invariant($", alpha dropout {AlphaDropout}");
        return text;
    }

    internal override string? DifferenceFrom(Network previous) => previous switch
    {
        FeedForwardNetwork other when other.Encoding != Encoding => $"its Encoding is {other.Encoding}, not {Encoding}",
        FeedForwardNetwork other when (Ensemble ?? other.Ensemble) != other.Ensemble => $"its Ensemble is {other.Ensemble}, not {Ensemble}",
        FeedForwardNetwork other when other.Activation != Activation => $"its Activation is {other.Activation}, not {Activation}",
        FeedForwardNetwork { Residual.Gate: { } gate } when Residual?.Gate is { } now && gate != now => Invariant($"its gates start at {gate}, not {now}"),
        _ => null,
    };

    internal override long LargestMatrix(int inputs, int outputs)
    {
        long[] widths = [inputs, .. HiddenUnits, outputs];
        return widths.Zip(widths.Skip(1), (from, to) => from * to).Max();
    }

    internal override Network For(long rows, bool areSparse, ColumnShape column, Network? previous)
    {
        var many = Math.Clamp(Math.Log(rows / FewRows) / Math.Log(ManyRows / FewRows), 0, 1);
        return this with
        {
            Ensemble = Ensemble ?? (previous as FeedForwardNetwork)?.Ensemble ?? (areSparse ? 1 : (int)double.Lerp(4, 1, many)),
            KeyColumns = [.. column.Beside.Prepend(column).Where(part => part.Keys > 0).Select(part => new KeyColumn(part.Name, part.Width, part.Keys))],
        };
    }

    internal override InputCode? Encode(FeatureSample features) => Encoding.Fit(features);

    internal override InputCode? ReadCode(int features, Func<string, Array?> constants) => Encoding.Read(features, constants);

    internal override NetworkModule CreateModule(int inputs, int outputs, in Origin origin, InputCode? code = null)
    {
        Refuse(KeyColumns);
        var keys = KeyColumns.IsEmpty ? null : new KeyEmbeddings(KeyColumns, EmbeddingWidth, origin);
        var first = (code?.Width ?? NumbersOf(inputs)) + (keys?.Width ?? 0);
        Refuse([first, .. HiddenUnits, outputs]);
        var members = Ensemble ?? 1;
        return new(Parts(HiddenUnits, "hidden", first, "output", outputs, isOutput: true, origin, members), code,
            members == 1 ? null : new MemberRows(members, first, origin.Random), inputs, keys);
    }

    internal override NetworkModule CreateAutoencoder(int inputs, int embedding, in Origin origin, InputCode? code = null)
    {
        var first = code?.Width ?? inputs;
        Refuse([first, .. HiddenUnits, embedding, .. HiddenUnits.Reverse(), inputs]);
        var encoder = Parts(HiddenUnits, "hidden", first, "embedding", embedding, isOutput: false, origin);
        var decoder = Parts(HiddenUnits.Reverse(), "decoder", embedding, "output", inputs, isOutput: true, origin);
        return new NetworkModule([.. encoder, .. decoder], code);
    }

    private void Refuse(ImmutableArray<KeyColumn> columns)
    {
        foreach (var column in columns)
            if (column.Width(EmbeddingWidth) * (double)column.Keys is > Most and var weights)
                throw new InvalidOperationException(Invariant($"The embedding of column '{column.Name}', {column.Keys} keys by {column.Width(EmbeddingWidth)} numbers, would have {weights:G3} weights, more than the {Most:G3} that an ONNX file holds. ")
                    + "Set a smaller EmbeddingWidth, or leave keys that occur once or twice out of its mapping.");
    }

    /// <summary>An ONNX file holds 2 GiB at most; this is known before hours of training.</summary>
    private static void Refuse(int[] widths)
    {
        var weights = widths.Zip(widths.Skip(1)).Sum(pair => (double)pair.First * pair.Second);
        if (weights > Most)
            throw new InvalidOperationException(Invariant($"A network of {widths[0]} features and {widths[^1]} outputs would have {weights:G3} weights, more than the {Most:G3} that an ONNX file holds. ")
                + "Take fewer HiddenUnits, or fewer features or classes.");
    }

    private List<NetworkPart> Parts(
        IEnumerable<int> hidden, string name, int inputs, string last, int outputs, bool isOutput, Origin origin, int members = 1)
    {
        var parts = new List<NetworkPart>();
        int[] widths = [inputs, .. hidden];
        var preNorm = Residual is { PostNorm: false };
        for (var layer = 1; layer < widths.Length;)
        {
            if (Residual is null || layer == 1)
            {
                parts.Add(new WeightedLayer(Plan(layer) with
                {
                    After = preNorm ? null : Nonlinearity(layer),
                    Dropout = Residual is null ? CreateDropout(origin.Random) : null,
                }));
                layer++;
            }
            else
            {
                parts.Add(Block(layer));
                layer += parts[^1].Layers.Count;
            }
        }
        parts.Add(new WeightedLayer(new WeightedLayer.Plan(last, widths[^1], outputs, origin, new LayerRole(IsOutput: isOutput),
            WeightParametrization.HoldsForOutput ? WeightParametrization : WeightParametrization.None,
            Before: preNorm ? Nonlinearity(widths.Length - 1) : null, Members: members)));
        return parts;

        WeightedLayer.Plan Plan(int layer) => new($"{name}{layer}", widths[layer - 1], widths[layer], origin,
            new LayerRole(preNorm && layer == 1 ? null : Activation), WeightParametrization, Bias ?? !Traits.RemovesBias);

        Nonlinearity Nonlinearity(int layer) => new(Activation, Normalization, NormalizeAfterActivation, widths[layer]);

        ResidualBlock Block(int first)
        {
            var length = Math.Min(Residual!.BranchLayers, widths.Length - first);
            var branches = (widths.Length - 3) / Residual.BranchLayers + 1;
            var branch = Enumerable.Range(first, length).Select(layer =>
            {
                var plan = Plan(layer);
                return new WeightedLayer(plan with
                {
                    Role = plan.Role with { Branch = new BranchPlace(branches, length, layer - first) },
                    Before = preNorm ? Nonlinearity(layer - 1) : null,
                    After = !preNorm && layer < first + length - 1 ? Nonlinearity(layer) : null,
                    Dropout = CreateDropout(origin.Random),
                });
            }).ToArray();
            var number = (first - 2) / Residual.BranchLayers + 1;
            return new ResidualBlock($"{name}Block{number}", branch, Residual, origin,
                keep: 1 - Residual.StochasticDepth * number / branches, after: preNorm ? null : Nonlinearity(first + length - 1),
                Residual.Projects || branch[0].Inputs != branch[^1].Units ? new LinearMap(branch[0].Inputs, branch[^1].Units, hasBias: false) : null);
        }
    }

    private nn.Module<Tensor, Tensor>? CreateDropout(FitRandom random) =>
        AlphaDropout > 0 ? new AlphaDropout(AlphaDropout, random) : Dropout > 0 ? new Dropout(Dropout, random) : null;

    private (InputEncoding, Activation, Normalization, bool, WeightParametrization, Residual?, bool?, double, double, int?, int?) Choices() =>
        (Encoding, Activation, Normalization, NormalizeAfterActivation, WeightParametrization, Residual, Bias, Dropout, AlphaDropout, Ensemble, EmbeddingWidth);

    private string Widths() => HiddenUnits.Length > 1 && HiddenUnits.All(u => u == HiddenUnits[0])
        ? $"{HiddenUnits.Length} × {HiddenUnits[0]}"
        : HiddenUnits.Length <= MostWidths ? string.Join('-', HiddenUnits)
        : $"{string.Join('-', HiddenUnits.Take(MostWidths))}-… ({HiddenUnits.Length} layers)";
}
