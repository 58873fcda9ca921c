using Microsoft.CodeAnalysis;

namespace Microsoft.ML.GradientStability.Analyzers;

/// <summary>Nesterov's momentum of 0.</summary>
internal sealed class NesterovWithoutMomentum() : Rule("GS0003", "Nesterov without momentum", "Optimizer", ConflictReasons.NesterovWithoutMomentum)
{
    public override Diagnostic? Find(Written written) => written.Type.Name == "SgdOptimizer"
        && written.Value("Nesterov") is { ConstantValue: { HasValue: true, Value: true } } nesterov && Momentum(written) == 0 ? At(nesterov) : null;

    private static double? Momentum(Written written) => written.Value("Momentum") is { } momentum
        ? Written.Number(momentum)
        : written.From("Sgd")?.Arguments.SingleOrDefault(argument => argument.Parameter?.Name == "momentum")?.Value is { } argument ? Written.Number(argument) : null;
}
