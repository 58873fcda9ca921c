using System.Globalization;
using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The conversions between types that ML.NET has: integers change their width but not whether they have a sign.</summary>
internal static class TypeConversion
{
    private static readonly PrimitiveDataViewType[] Signed =
        [NumberDataViewType.SByte, NumberDataViewType.Int16, NumberDataViewType.Int32, NumberDataViewType.Int64];

    private static readonly PrimitiveDataViewType[] Unsigned =
        [NumberDataViewType.Byte, NumberDataViewType.UInt16, NumberDataViewType.UInt32, NumberDataViewType.UInt64];

    /// <summary>A function from the raw type of the one to that of the other; null where there is no such conversion.</summary>
    public static Delegate? Find(PrimitiveDataViewType source, PrimitiveDataViewType target)
    {
        Type[] types = [source.RawType, target.RawType];
        if (source is KeyDataViewType key)
            return target is KeyDataViewType same && same.Count == key.Count ? TypedCall.Of<Delegate>(Narrow<uint, uint>, types) : null;
        if (source is TextDataViewType)
            return FromText(target);
        if (target is TextDataViewType)
            return TypedCall.Of<Delegate>(ToText<int>, [source.RawType]);
        if (source is BooleanDataViewType)
            return FromBoolean(target);
        if (target is BooleanDataViewType)
            return TypedCall.Of<Delegate>(ToBoolean<int>, [source.RawType]);
        if (MissingValues.IsReal(target))
            return TypedCall.Of<Delegate>(Cast<int, float>, types);
        if (Signed.Contains(source) && Signed.Contains(target))
            return TypedCall.Of<Delegate>(Cast<int, int>, types);
        return Unsigned.Contains(source) && Unsigned.Contains(target) ? TypedCall.Of<Delegate>(Narrow<uint, uint>, types) : null;
    }

    private static Func<TSource, TTarget> Cast<TSource, TTarget>()
        where TSource : INumberBase<TSource>
        where TTarget : INumberBase<TTarget> => TTarget.CreateTruncating;

    // What does not fit is zero, which is the missing value of a key.
    private static Func<TSource, TTarget> Narrow<TSource, TTarget>()
        where TSource : struct, IBinaryInteger<TSource>
        where TTarget : struct, IBinaryInteger<TTarget> => value =>
        {
            var narrow = TTarget.CreateTruncating(value);
            return TSource.CreateTruncating(narrow) == value ? narrow : TTarget.Zero;
        };

    private static Delegate? FromBoolean(PrimitiveDataViewType target) => target is BooleanDataViewType ? (bool value) => value
        : Unsigned.Contains(target) ? null : TypedCall.Of<Delegate>(FromBoolean<int>, [target.RawType]);

    private static Func<bool, T> FromBoolean<T>()
        where T : INumberBase<T> => value => value ? T.One : T.Zero;

    private static Func<T, bool> ToBoolean<T>()
        where T : INumberBase<T> => value => !T.IsZero(value);

    private static Func<T, ReadOnlyMemory<char>> ToText<T>()
        where T : notnull => value => (value switch
        {
            float real => real.ToString("G7", CultureInfo.InvariantCulture),
            double real => real.ToString("G17", CultureInfo.InvariantCulture),
            _ => value.ToString(),
        }).AsMemory();

    private static Delegate FromText(PrimitiveDataViewType target)
    {
        if (target is TextDataViewType)
            return (ReadOnlyMemory<char> text) => text;
        var parser = TextValues.ParserOf(target, missingRealsAsNaNs: false);
        return TypedCall.Of<Delegate>(FromText<int>, [target.RawType], parser, Signed.Contains(target));
    }

    // Only signed integers have no value that could stand for what cannot be read.
    private static Func<ReadOnlyMemory<char>, T> FromText<T>(TextParser<T> parse, bool mustParse) => text =>
    {
        if (!parse(text.Span, out var value) && mustParse)
            throw Contracts.Except($"Value could not be parsed from text to {typeof(T).Name}: '{text}'");
        return value;
    };
}
