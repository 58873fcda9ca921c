using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Microsoft.ML.GradientStability;

/// <summary>Option checks. As in ML.NET an option out of range is an <see cref="ArgumentOutOfRangeException"/>.</summary>
internal static class Check
{
    public static void That([DoesNotReturnIf(false)] bool holds, string option, object? value, string rule)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(option, string.Create(CultureInfo.InvariantCulture, $"{option} is {value}: {rule}."));
    }

    public static T NotNull<T>(T? value, string option) where T : class =>
        value ?? throw new ArgumentNullException(option, $"{option} must be given; leave it out for the default.");

    public static int AtLeast(int value, int least, string option)
    {
        That(value >= least, option, value, $"it must be at least {least}");
        return value;
    }

    public static double Positive(double value, string option)
    {
        That(double.IsFinite(value) && value > 0, option, value, "it must be a finite number above 0");
        return value;
    }

    public static double InRange(double value, double least, double greatest, string option, bool upperIncluded = true)
    {
        That(value >= least && (upperIncluded ? value <= greatest : value < greatest), option, value,
            $"it must be in [{least}, {greatest}{(upperIncluded ? ']' : ')')}");
        return value;
    }

    public static string Name(string? value, string option)
    {
        That(!string.IsNullOrWhiteSpace(value), option, value is null ? "null" : "blank", "it must name a column");
        return value!;
    }
}
