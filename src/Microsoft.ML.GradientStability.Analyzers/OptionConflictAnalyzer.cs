using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Microsoft.ML.GradientStability.Analyzers;

/// <summary>
/// Says while a program is written which of its options no trainer takes. It looks where nothing later can change them: at an expression that becomes
/// an option, and at options that are made where a trainer gets them; and there at constants alone.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OptionConflictAnalyzer : DiagnosticAnalyzer
{
    private static readonly ImmutableArray<Rule> s_rules =
        ImmutableArray.Create<Rule>(new AlphaBesideDropout(), new AlphaWithoutSelu(), new NesterovWithoutMomentum(), new NoHeldOutRows(), new BatchOfOne());

    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.CreateRange(s_rules, rule => rule.Descriptor);

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (start.Compilation.GetTypeByMetadataName("Microsoft.ML.GradientStability.TrainingOptions") is not { } options)
                return;
            start.RegisterOperationAction(found => Look(found, ((ISimpleAssignmentOperation)found.Operation).Value, IsOption), OperationKind.SimpleAssignment);
            start.RegisterOperationAction(found => Look(found, ((IArgumentOperation)found.Operation).Value, GoesToTrainer), OperationKind.Argument);

            bool IsOption(IOperation operation) => operation is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property: var property } }
                && Same(property.ContainingType, options);

            bool GoesToTrainer(IOperation operation) => operation is IArgumentOperation { Parameter: { ContainingSymbol: IMethodSymbol method } parameter }
                && Same(method.ContainingAssembly, options.ContainingAssembly)
                && (method.MethodKind == MethodKind.Constructor || method.ContainingType.Name == "DeepNetworkCatalog")
                && Derives(parameter.Type, options);
        });
    }

    private static void Look(OperationAnalysisContext context, IOperation value, Func<IOperation, bool> isPlace)
    {
        if (!isPlace(context.Operation) || Written.Of(value) is not { } written)
            return;
        foreach (var rule in s_rules)
            if (rule.Find(written) is { } diagnostic)
                context.ReportDiagnostic(diagnostic);
    }

    private static bool Derives(ITypeSymbol? type, ISymbol from) => type is not null && (Same(type, from) || Derives(type.BaseType, from));

    private static bool Same(ISymbol one, ISymbol other) => SymbolEqualityComparer.Default.Equals(one, other);
}
