using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.ML.GradientStability.Analyzers;

namespace Microsoft.ML.GradientStability.Tests.Options;

/// <summary>What the analyzer says of a program, beside what a trainer says when the same program runs.</summary>
[TestClass]
public sealed class AnalyzerTests
{
    private const string Usings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading;";

    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Numbers of the rules, the same once for each conflict; options of a trainer for several classes.</summary>
    [TestMethod]
    [DataRow("GS0001", "Network = Network.FeedForward(8) with { Activation = Activation.Selu, AlphaDropout = 0.1, Dropout = 0.2 }")]
    [DataRow("GS0001", "Network = Network.FeedForward(8) with { Dropout = 0.5 } with { AlphaDropout = Half, Activation = Activation.Selu }")]
    [DataRow("GS0001", "Network = s_selu with { AlphaDropout = 1 / 4.0, Dropout = 0.2f }")]
    [DataRow("GS0001 GS0002", "Network = Network.FeedForward(8) with { AlphaDropout = 0.1, Dropout = 0.2 }")]
    [DataRow("GS0002", "Network = Network.FeedForward(8) with { AlphaDropout = 0.1 }")]
    [DataRow("GS0002", "Network = s_selu with { AlphaDropout = 0.1, Activation = Activation.Tanh }")]
    [DataRow("GS0003", "Optimizer = Optimizer.Sgd(0.1) with { Nesterov = true }")]
    [DataRow("GS0003", "Optimizer = Optimizer.Sgd(0.1, momentum: 0) with { Nesterov = true }")]
    [DataRow("GS0003", "Optimizer = Optimizer.Sgd(momentum: 0.9, learningRate: 0.1) with { Nesterov = true, Momentum = 0 }")]
    [DataRow("GS0004", "EarlyStopping = EarlyStopping.After()")]
    [DataRow("GS0004", "ValidationFraction = 0, EarlyStopping = EarlyStopping.After(3) with { MinDelta = 0.1 }")]
    [DataRow("GS0005", "BatchSize = 1")]
    [DataRow("GS0005", "Network = Network.FeedForward(8) with { Normalization = Normalization.Batch }, BatchSize = 1")]
    [DataRow("GS0005", "Network = Network.Convolutional(8) with { Normalization = Normalization.Batch, Input = InputShape.Image(1, 8, 8) }, BatchSize = 1")]
    [DataRow("GS0003 GS0004 GS0005", "BatchSize = 1, EarlyStopping = EarlyStopping.After(), Optimizer = Optimizer.Sgd() with { Nesterov = true }")]
    public async Task The_analyzer_says_what_the_trainer_would(string ids, string options)
    {
        var compilation = Compile("Program", Program($"ml.MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options {{ {options} }});", options));
        var said = (await Diagnostics(compilation)).DistinctBy(diagnostic => diagnostic.GetMessage()).OrderBy(diagnostic => diagnostic.Id).ToArray();
        var errors = Run(compilation).Conflicts().Where(conflict => conflict.Severity == Severity.Error);
        Assert.AreEqual(ids, string.Join(' ', said.Select(diagnostic => diagnostic.Id)));
        CollectionAssert.AreEquivalent(errors.Select(error => error.ToString()).ToArray(), said.Select(diagnostic => diagnostic.GetMessage()).ToArray());
        Assert.IsTrue(said.All(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning));
    }

    [TestMethod]
    [DataRow("Train(new() { EarlyStopping = EarlyStopping.After(), ValidationFraction = 0.1 });")]
    [DataRow("Train(new() { EarlyStopping = EarlyStopping.After(), ValidationFraction = share });")]
    [DataRow("Train(new() { EarlyStopping = EarlyStopping.After(), ValidationSet = held });")]
    [DataRow("Train(new() { EarlyStopping = null });")]
    [DataRow("Train(new() { BatchSize = 2 });")]
    [DataRow("Train(new() { BatchSize = 1, Network = Network.FeedForward(8) });")]
    [DataRow("Train(new() { BatchSize = 1, Network = s_selu });")]
    [DataRow("ml.Transforms.DeepAutoencoder(new DeepAutoencoderEstimator.Options { BatchSize = 1 });")]
    [DataRow("Train(new() { Network = Network.FeedForward(8) with { AlphaDropout = 0.1, Activation = Activation.Selu } });")]
    [DataRow("Train(new() { Network = Network.FeedForward(8) with { Dropout = 0.1 } with { Dropout = 0, AlphaDropout = 0.1, Activation = Activation.Selu } });")]
    [DataRow("Train(new() { Network = Network.FeedForward(8) with { Dropout = 0.1, AlphaDropout = 0 } });")]
    [DataRow("Train(new() { Network = Network.FeedForward(8) with { AlphaDropout = share } });")]
    [DataRow("Train(new() { Network = s_selu with { AlphaDropout = 0.1 } });")]
    [DataRow("var draft = Network.FeedForward(8) with { AlphaDropout = 0.1 }; Train(new() { Network = draft with { Activation = Activation.Selu } });")]
    [DataRow("Train(new() { Optimizer = Optimizer.Sgd(0.1, 0.9) with { Nesterov = true } });")]
    [DataRow("Train(new() { Optimizer = Optimizer.Sgd(0.1) with { Nesterov = true, Momentum = 0.9 } });")]
    [DataRow("Train(new() { Optimizer = Optimizer.Sgd(0.1, share) with { Nesterov = true } });")]
    [DataRow("Train(new() { Optimizer = Optimizer.Sgd(0.1) with { Nesterov = false } });")]
    [DataRow("var options = new DeepNetworkMulticlassTrainer.Options { EarlyStopping = EarlyStopping.After(), BatchSize = 1 }; options.ValidationFraction = 0.1; options.BatchSize = 8; Train(options);")]
    [DataRow("Train(Mend(new() { EarlyStopping = EarlyStopping.After(), BatchSize = 1 }));")]
    public async Task A_program_that_a_trainer_takes_or_that_is_not_all_constants_is_left_alone(string statements)
    {
        statements = statements.Replace("Train(", "ml.MulticlassClassification.Trainers.DeepNetwork(", StringComparison.Ordinal);
        Assert.IsEmpty(await Diagnostics(Compile("Program", Program(statements, ""))));
    }

    [TestMethod]
    public async Task What_the_pages_show_is_left_alone()
    {
        var samples = Directory.GetFiles(Path.Combine(Repository.Root, "test", "Microsoft.ML.GradientStability", "Docs"), "*Sample.cs");
        Assert.IsGreaterThan(4, samples.Length);
        // The name of these tests, to which the library shows its internals.
        Assert.IsEmpty(await Diagnostics(Compile(typeof(AnalyzerTests).Assembly.GetName().Name!, [Usings, .. samples.Select(File.ReadAllText)])));
    }

    /// <summary>The analyzer knows an activation by its property, a trainer by what it calls itself.</summary>
    [TestMethod]
    public void An_activation_without_parameters_is_called_as_its_property()
    {
        var activations = typeof(Activation).GetProperties(BindingFlags.Public | BindingFlags.Static);
        Assert.IsNotEmpty(activations);
        foreach (var activation in activations)
            Assert.AreEqual(activation.Name, activation.GetValue(null)!.ToString());
    }

    private static string Program(string statements, string options) => $$"""
        using Microsoft.ML;
        using Microsoft.ML.GradientStability;

        public static class Program
        {
            private const double Half = 0.5;
            private static readonly FeedForwardNetwork s_selu = Network.FeedForward(8) with { Activation = Activation.Selu };

            public static void Train(MLContext ml, IDataView held, double share) { {{statements}} }

            public static DeepNetworkMulticlassTrainer.Options Options() => new() { {{options}} };

            private static DeepNetworkMulticlassTrainer.Options Mend(DeepNetworkMulticlassTrainer.Options options)
            {
                (options.ValidationFraction, options.BatchSize) = (0.1, 8);
                return options;
            }
        }
        """;

    private static TrainingOptions Run(CSharpCompilation compilation)
    {
        using var assembly = new MemoryStream();
        Assert.IsTrue(compilation.Emit(assembly).Success);
        return (TrainingOptions)System.Reflection.Assembly.Load(assembly.ToArray()).GetType("Program")!.GetMethod("Options")!.Invoke(null, null)!;
    }

    private static CSharpCompilation Compile(string name, params string[] sources)
    {
        var compilation = CSharpCompilation.Create(name, sources.Select(source => CSharpSyntaxTree.ParseText(source)), s_references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var errors = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToArray();
        Assert.IsEmpty(errors, string.Join<Diagnostic>('\n', errors));
        return compilation;
    }

    private static Task<ImmutableArray<Diagnostic>> Diagnostics(CSharpCompilation compilation) =>
        compilation.WithAnalyzers([new OptionConflictAnalyzer()]).GetAnalyzerDiagnosticsAsync();
}
