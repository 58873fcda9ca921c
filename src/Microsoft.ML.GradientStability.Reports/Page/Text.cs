using System.Globalization;
using System.Net;

namespace Microsoft.ML.GradientStability;

/// <summary>How text and coordinates stand in HTML.</summary>
internal static class Text
{
    public static string Html(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A coordinate of a picture.</summary>
    public static string Px(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);
}
