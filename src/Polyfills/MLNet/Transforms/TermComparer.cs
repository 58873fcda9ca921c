using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>How the values that become keys are told apart and ordered: text by its characters, the rest as .NET does.</summary>
internal sealed class TermComparer : IEqualityComparer<ReadOnlyMemory<char>>, IComparer<ReadOnlyMemory<char>>
{
    private static readonly TermComparer _text = new();

    public static IEqualityComparer<T> For<T>() => _text as IEqualityComparer<T> ?? EqualityComparer<T>.Default;

    public static IComparer<T> Order<T>() => _text as IComparer<T> ?? Comparer<T>.Default;

    public static bool IsMissing<T>(in T value) => value is ReadOnlyMemory<char> text ? text.IsEmpty : Conversions.IsNA(in value);

    public static T Own<T>(in T value) => value is ReadOnlyMemory<char> text && text.ToString().AsMemory() is T copy ? copy : value;

    public bool Equals(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceEqual(y.Span);

    public int GetHashCode(ReadOnlyMemory<char> text) => string.GetHashCode(text.Span);

    public int Compare(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.CompareTo(y.Span, StringComparison.Ordinal);
}
