using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Microsoft.ML.GradientStability.Analyzers;

/// <summary>An object as one expression makes it: where it begins, and what initializers and <c>with</c> set, the last of each.</summary>
internal sealed class Written
{
    private readonly Dictionary<string, IOperation> _set = new();
    private readonly IOperation _origin;

    private Written(IOperation origin, ITypeSymbol type) => (_origin, Type) = (origin, type);

    public ITypeSymbol Type { get; }

    /// <summary>What is read; <see langword="null"/> where it has no type.</summary>
    public static Written? Of(IOperation value)
    {
        while (value is IConversionOperation { OperatorMethod: null } conversion)
            value = conversion.Operand;
        if (value is IWithOperation with)
            return Of(with.Operand)?.Take(with.Initializer);
        return value.Type is { } type ? new Written(value, type).Take((value as IObjectCreationOperation)?.Initializer) : null;
    }

    /// <summary>Whether a constructor makes it.</summary>
    public bool IsNew => _origin is IObjectCreationOperation;

    /// <summary>The call that makes it, where it is this static method of the package's; what is not set then has its default.</summary>
    public IInvocationOperation? From(string factory) =>
        _origin is IInvocationOperation { TargetMethod: { IsStatic: true } method } call && method.Name == factory && IsOurs(method) ? call : null;

    /// <summary>What a member is set to.</summary>
    public IOperation? Value(string member) => _set.TryGetValue(member, out var value) ? value : null;

    /// <summary>The constant that a member is set to.</summary>
    public double? Number(string member) => Value(member) is { } value ? Number(value) : null;

    /// <summary>The value of a constant.</summary>
    public static double? Number(IOperation value) => value switch
    {
        { ConstantValue: { HasValue: true, Value: IConvertible and not (string or char) } constant } => Convert.ToDouble(constant.Value, CultureInfo.InvariantCulture),
        IConversionOperation { OperatorMethod: null } conversion => Number(conversion.Operand),
        _ => null,
    };

    /// <summary>The static property of the package's, such as <c>Activation.Relu</c>, that a member is set to.</summary>
    public string? Named(string member)
    {
        var value = Value(member);
        while (value is IConversionOperation { OperatorMethod: null } conversion)
            value = conversion.Operand;
        return value is IPropertyReferenceOperation { Property: { IsStatic: true } property } && IsOurs(property) ? property.Name : null;
    }

    private bool IsOurs(ISymbol symbol) => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, Type.ContainingAssembly);

    private Written Take(IObjectOrCollectionInitializerOperation? initializer)
    {
        foreach (var element in initializer?.Initializers ?? [])
            if (element is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property: var property } } assignment)
                _set[property.Name] = assignment.Value;
        return this;
    }
}
