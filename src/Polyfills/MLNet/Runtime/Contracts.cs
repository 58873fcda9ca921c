using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML.Runtime;

/// <summary>Throws the kinds of exceptions that ML.NET throws.</summary>
internal static class Contracts
{
    public static void CheckValue([NotNull] object? value, string paramName) => ArgumentNullException.ThrowIfNull(value, paramName);

    public static void CheckNonEmpty([NotNull] string? value, string paramName)
    {
        if (string.IsNullOrEmpty(value))
            throw ExceptParam(paramName, $"{paramName} cannot be null or empty");
    }

    public static void CheckNonEmpty<T>([NotNull] IReadOnlyCollection<T>? value, string paramName)
    {
        if (value is null || value.Count == 0)
            throw ExceptParam(paramName, $"{paramName} cannot be null or empty");
    }

    public static void CheckParam([DoesNotReturnIf(false)] bool ok, string paramName, string message)
    {
        if (!ok)
            throw ExceptParam(paramName, message);
    }

    public static void Check([DoesNotReturnIf(false)] bool ok, string message)
    {
        if (!ok)
            throw Except(message);
    }

    public static void CheckDecode([DoesNotReturnIf(false)] bool ok, string message)
    {
        if (!ok)
            throw ExceptDecode(message);
    }

    public static Exception Except(string message, Exception? inner = null) => new InvalidOperationException(message, inner);

    public static Exception ExceptParam(string paramName, string message) => new ArgumentOutOfRangeException(paramName, message);

    public static Exception ExceptDecode(string message, Exception? inner = null) => new FormatException(message, inner);

    public static Exception ExceptSchemaMismatch(string paramName, string columnRole, string columnName) =>
        ExceptParam(paramName, $"Could not find {columnRole} column '{columnName}'");

    public static Exception ExceptSchemaMismatch(string paramName, string columnRole, string columnName, string expectedType, string actualType) =>
        ExceptParam(paramName, $"Schema mismatch for {columnRole} column '{columnName}': expected {expectedType}, got {actualType}");
}
