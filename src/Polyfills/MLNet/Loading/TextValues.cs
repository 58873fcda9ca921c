using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.Data;

internal delegate bool TextParser<T>(ReadOnlySpan<char> text, out T value);

/// <summary>The values that fields of text stand for.</summary>
internal static class TextValues
{
    private static readonly string[] True = ["t", "true", "y", "yes", "1", "+1", "+"];
    private static readonly string[] False = ["", "f", "false", "n", "no", "0", "-1", "-"];

    /// <summary>What parses fields of the type: a <see cref="TextParser{T}"/> of its raw type.</summary>
    public static Delegate ParserOf(PrimitiveDataViewType type, bool missingRealsAsNaNs) => type switch
    {
        KeyDataViewType key => TypedCall.Of<Delegate>(Key<uint>, [key.RawType], key.Count),
        BooleanDataViewType => (TextParser<bool>)TryParse,
        _ when IsReal(type) => TypedCall.Of<Delegate>(Real<float>, [type.RawType], missingRealsAsNaNs),
        _ => TypedCall.Of<Delegate>(Integer<int>, [type.RawType]),
    };

    /// <summary>A field that cannot be parsed is missing where the type has a missing value, otherwise an error.</summary>
    public static bool HasMissing(DataViewType type) => type is KeyDataViewType || IsReal(type);

    private static bool IsReal(DataViewType type) => type.RawType == typeof(float) || type.RawType == typeof(double);

    private static Delegate Real<T>(bool emptyAsNaN) where T : struct, IFloatingPointIeee754<T>
    {
        var empty = emptyAsNaN ? T.NaN : T.Zero;
        return (TextParser<T>)((ReadOnlySpan<char> text, out T value) =>
        {
            if (TryParseShort(text, out var number, out var power))
            {
                value = T.CreateTruncating(number) / T.CreateTruncating(power);
                return true;
            }
            if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
                return true;
            var isEmpty = text.IsWhiteSpace();
            value = isEmpty ? empty : T.NaN;
            return isEmpty || IsMissing(text);
        });
    }

    // Seven digits at most, and the power of ten below them, are exact in Single: their quotient is the Single next to the text.
    private static bool TryParseShort(ReadOnlySpan<char> text, out int number, out int power)
    {
        (number, power) = (0, 1);
        var isNegative = text is ['-', ..];
        var (digits, hasPoint) = (0, false);
        foreach (var c in isNegative ? text[1..] : text)
        {
            var digit = c - '0';
            if ((uint)digit <= 9 && ++digits <= 7)
                (number, power) = (10 * number + digit, hasPoint ? 10 * power : power);
            else if (c == '.' && !hasPoint)
                hasPoint = true;
            else
                return false;
        }
        // An int has no -0.
        if (digits == 0 || isNegative && number == 0)
            return false;
        number = isNegative ? -number : number;
        return true;
    }

    private static Delegate Integer<T>() where T : struct, IBinaryInteger<T>
    {
        var isSigned = T.IsNegative(T.CreateTruncating(-1));
        return (TextParser<T>)((text, out value) =>
        {
            value = T.Zero;
            if (text.IsEmpty)
                return true;
            var hasSign = isSigned && text[0] == '-';
            return (hasSign || char.IsAsciiDigit(text[0]))
                && T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        });
    }

    // Text holds a key's zero-based value, a view the one-based with 0 for missing.
    private static Delegate Key<T>(ulong count) where T : struct, IBinaryInteger<T> => (TextParser<T>)((text, out value) =>
    {
        var isKey = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < count;
        value = isKey ? T.CreateTruncating(number + 1) : T.Zero;
        return isKey || text.IsEmpty || IsMissing(text);
    });

    private static bool TryParse(ReadOnlySpan<char> text, out bool value)
    {
        value = IsOneOf(text, True);
        return value || IsOneOf(text, False);
    }

    private static bool IsMissing(ReadOnlySpan<char> text) => IsOneOf(text, ["?", "na", "n/a", "nan"]);

    private static bool IsOneOf(ReadOnlySpan<char> text, ReadOnlySpan<string> words)
    {
        foreach (var word in words)
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }
}
