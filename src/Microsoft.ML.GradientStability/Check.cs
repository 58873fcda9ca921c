using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Microsoft.ML.GradientStability;

/// <summary>Option checks. As in ML.NET an option out of range is an <see cref="ArgumentOutOfRangeException"/>.</summary>
internal static class Check
{
    /// <summary>Networks compute in single precision; numbers so small or great keep their meaning there, and what is computed with them too.</summary>
    private const double Smallest = 1e-30, Greatest = 1e30;

    public static void That([DoesNotReturnIf(false)] bool holds, string option, object? value, string rule)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(option, string.Create(CultureInfo.InvariantCulture, $"{option} is {value}: {rule}."));
    }

    public static T NotNull<T>(T? value, string option) where T : class =>
        value ?? throw new ArgumentNullException(option, $"{option} must be given; leave it out for the default.");

    /// <summary>A copy, so that later changes of the list are none of the option.</summary>
    public static IReadOnlyList<T> AllNotNull<T>(IReadOnlyList<T>? values, string option) where T : class =>
        [.. NotNull(values, option).Select((value, i) => value ?? throw new ArgumentNullException(option, $"{option}[{i}] is null: leave it out."))];

    public static int AtLeast(int value, int least, string option)
    {
        That(value >= least, option, value, $"it must be at least {least}");
        return value;
    }

    public static double AtLeast(double value, double least, string option)
    {
        That(value >= least && value <= Greatest, option, value, $"it must be a number of at least {least}, and at most {Greatest:0E+0}");
        return value;
    }

    public static double Positive(double value, string option)
    {
        That(value is >= Smallest and <= Greatest, option, value, $"it must be a number above 0, from {Smallest:0E+0} to {Greatest:0E+0}");
        return value;
    }

    public static double Number(double value, string option) => InRange(value, -Greatest, Greatest, option);

    public static double InRange(double value, double least, double greatest, string option, bool upperIncluded = true)
    {
        // A share that single precision rounds to 1 is one of 1.
        That(value >= least && (upperIncluded ? value <= greatest : (float)value < greatest), option, value,
            $"it must be in [{least}, {greatest}{(upperIncluded ? ']' : ")" + (value < greatest ? " in single precision" : ""))}");
        return value;
    }

    public static T Defined<T>(T value, string option) where T : struct, Enum
    {
        That(Enum.IsDefined(value), option, value, $"it must be {string.Join(" or ", Enum.GetNames<T>())}");
        return value;
    }

    public static string Path(string? value, string option)
    {
        That(!string.IsNullOrWhiteSpace(NotNull(value, option)), option, "blank", "it must name a place for files");
        return value;
    }

    public static string Name(string? value, string option)
    {
        That(!string.IsNullOrWhiteSpace(NotNull(value, option)), option, "blank", "it must name a column");
        return value!;
    }
}
