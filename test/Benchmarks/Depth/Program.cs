// What initialization, activation, normalization and structure do to networks of 50 hidden layers, written as a page of the documentation.
// Argument: the file to write. About an hour.
using System.Diagnostics;
using Depth;
using Microsoft.ML.GradientStability;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: Depth FILE.md");
    return 2;
}

var clock = Stopwatch.StartNew();
var digits = new Digits();
var page = new Page();

Activation[] activations =
[
    Activation.Relu, Activation.LeakyRelu(), Activation.PRelu(), Activation.Elu(), Activation.Selu, Activation.Gelu, Activation.Silu,
    Activation.Mish, Activation.Softplus(), Activation.Tanh, Activation.Sigmoid, Activation.HardTanh(), Activation.HardSigmoid, Activation.HardSwish,
];
Initializer[] initializers =
[
    Initializer.Default, Initializer.XavierUniform, Initializer.XavierNormal, Initializer.HeUniform, Initializer.HeNormal,
    Initializer.LeCunNormal, Initializer.Orthogonal, Initializer.Lsuv, Initializer.Identity, Initializer.TruncatedNormal(),
];
Normalization[] normalizations =
[
    Normalization.None, Normalization.Batch, Normalization.Layer, Normalization.Group(), Normalization.Instance(), Normalization.Rms,
];

var plain = Network.FeedForward([.. Enumerable.Repeat(Digits.Features, Trial.HiddenLayers)]);
foreach (var normalization in normalizations)
    page.Grid($"normalization {normalization}", "activation", activations, initializers,
        (activation, initializer) => Trial.Run(digits, plain with { Activation = activation, Normalization = normalization }, initializer));

page.Theory(Normalization.None, Activation.Relu, Initializer.Default, "1/√6", Math.Sqrt(1.0 / 6), "He et al. 2015");
page.Theory(Normalization.None, Activation.Relu, Initializer.XavierUniform, "1/√2", Math.Sqrt(0.5), "He et al. 2015");
page.Theory(Normalization.None, Activation.Relu, Initializer.HeUniform, "1", 1, "He et al. 2015");
page.Theory(Normalization.None, Activation.Tanh, Initializer.Default, "1/√3", Math.Sqrt(1.0 / 3), "Glorot and Bengio 2010");
page.Theory(Normalization.None, Activation.Tanh, Initializer.Orthogonal, "1", 1, "Pennington, Schoenholz and Ganguli 2017");
page.Theory(Normalization.Batch, Activation.Relu, Initializer.HeUniform, "√(π/(π − 1))", Math.Sqrt(Math.PI / (Math.PI - 1)), "Yang et al. 2019, \"A mean field theory of batch normalization\"");

WeightParametrization[] parametrizations =
    [WeightParametrization.None, WeightParametrization.WeightNormalization, WeightParametrization.SpectralNormalization, WeightParametrization.WeightStandardization];
page.Table("Weights: ReLU, He's uniform weights", "weight parametrization", parametrizations, normalizations,
    (parametrization, normalization) => Trial.Run(digits, plain with { WeightParametrization = parametrization, Normalization = normalization }, Initializer.HeUniform));

(string Name, Residual? Form, Initializer Initializer)[] structures =
[
    ("plain", null, Initializer.HeUniform),
    ("identity", Residual.Identity, Initializer.HeUniform),
    ("identity, 2 layers a branch", Residual.Identity with { BranchLayers = 2 }, Initializer.HeUniform),
    ("identity, post-norm", Residual.Identity with { PostNorm = true }, Initializer.HeUniform),
    ("identity, stochastic depth 0.5", Residual.Identity with { StochasticDepth = 0.5 }, Initializer.HeUniform),
    ("projection", Residual.Projection, Initializer.HeUniform),
    ("gated (ReZero)", Residual.Gated(), Initializer.HeUniform),
    ("Fixup, 2 layers a branch", Residual.Identity with { BranchLayers = 2 }, Initializer.Fixup),
];
page.Table("Structure: ReLU, He's uniform weights but for Fixup", "residual form", [.. structures.Select(s => s.Name)], normalizations, (name, normalization) =>
{
    var structure = structures.Single(s => s.Name == name);
    return Trial.Run(digits, plain with { Residual = structure.Form, Normalization = normalization }, structure.Initializer);
});

page.Write(args[0]);
Console.WriteLine($"{args[0]}: {page.Trials} networks in {clock.Elapsed.TotalMinutes:F1} minutes");
return 0;
