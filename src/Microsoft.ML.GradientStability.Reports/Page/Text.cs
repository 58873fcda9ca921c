using System.Globalization;
using System.Net;

namespace Microsoft.ML.GradientStability;

/// <summary>How numbers and text stand on a page.</summary>
internal static class Text
{
    public static string Html(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Three digits: <c>0.0123</c>, <c>45.6</c>, <c>1.2e-7</c>.</summary>
    public static string Of(double value) => value switch
    {
        double.NaN => "NaN",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        0 => "0",
        _ when Math.Abs(value) is < 1e-3 or >= 1e5 => value.ToString("0.##e0", CultureInfo.InvariantCulture),
        _ when Math.Abs(value) >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        _ => double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
    };

    public static string Share(double value) => value is > 0 and < 0.01 ? "< 1 %" : string.Create(CultureInfo.InvariantCulture, $"{100 * value:0} %");

    public static string Of(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours} h {time.Minutes} min"
        : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds} s"
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    /// <summary>A coordinate of a picture.</summary>
    public static string Px(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);
}
