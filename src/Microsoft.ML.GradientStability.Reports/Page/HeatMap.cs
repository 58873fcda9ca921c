using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.ML.GradientStability;

/// <summary>Layer × step: a number of every layer, such as the norm of its raw gradient, on a logarithmic scale of colours.</summary>
internal static partial class HeatMap
{
    private const double Width = 1160, Left = 130, Right = 14, Top = 20, Bottom = 34;

    /// <summary>More columns than these are not told apart.</summary>
    private const int MaxColumns = 170;

    private const int MaxLabels = 18;

    /// <param name="page">Is added to.</param>
    /// <param name="title">Above the picture.</param>
    /// <param name="layers">From the input on.</param>
    /// <param name="steps">At least one, in order, each with a value a layer.</param>
    /// <param name="findings">Marked at their layers and steps.</param>
    public static void Write(StringBuilder page, string title, IReadOnlyList<string> layers, IReadOnlyList<(long Step, IReadOnlyList<double> Values)> steps,
        IReadOnlyList<Finding> findings)
    {
        var columns = Columns(layers.Count, steps);
        var row = Math.Clamp(260.0 / layers.Count, 3, 26);
        var height = Top + row * layers.Count + Bottom;
        var xs = Scale.Whole(columns[0].From, columns[^1].To, Left, Width - Right);
        var colours = Scale.Around(columns.SelectMany(column => column.Values), 0, 1, log: true);
        page.Append($"<figure class=\"wide\"><figcaption>{title}");
        Key(page, colours);
        page.Append($"</figcaption>\n<svg viewBox=\"0 0 {Width} {Text.Px(height)}\" role=\"img\" aria-label=\"{Describe(title, layers.Count, steps)}\">\n");
        page.Append("<g shape-rendering=\"crispEdges\">\n");
        for (var layer = 0; layer < layers.Count; layer++)
            Row(page, columns, layer, Top + layer * row, row, xs, colours);
        page.Append("</g>\n");
        Labels(page, layers, row, xs, height);
        for (var i = 0; i < findings.Count; i++)
            Mark(page, findings[i], i + 1, layers, xs, row);
        page.Append("</svg></figure>\n");
    }

    /// <summary>Neighbours of the same colour are one stroke.</summary>
    private static void Row(StringBuilder page, List<Column> columns, int layer, double y, double height, Scale xs, Scale colours)
    {
        for (var first = 0; first < columns.Count;)
        {
            var colour = Palette.Colour(columns[first].Values[layer], colours);
            var last = first;
            while (last + 1 < columns.Count && Palette.Colour(columns[last + 1].Values[layer], colours) == colour)
                last++;
            var (from, to) = (xs.At(columns[first].From), xs.At(columns[last].To));
            page.Append($"<path stroke=\"{colour}\" stroke-width=\"{Text.Px(height + 0.3)}\" d=\"M{Text.Px(from)} {Text.Px(y + height / 2)}H{Text.Px(to)}\"/>");
            first = last + 1;
        }
        page.Append('\n');
    }

    private static void Labels(StringBuilder page, IReadOnlyList<string> layers, double row, Scale xs, double height)
    {
        var every = (layers.Count + MaxLabels - 1) / MaxLabels;
        for (var layer = 0; layer < layers.Count; layer++)
            if (layer % every == 0 && layers.Count - 1 - layer >= every || layer == layers.Count - 1)
                page.Append($"<text class=\"y\" x=\"{Left - 8}\" y=\"{Text.Px(Top + (layer + 0.5) * row + 4)}\">{Text.Html(Short(layers[layer]))}</text>\n");
        foreach (var (value, label) in xs.Ticks())
            page.Append($"<text class=\"x\" x=\"{Text.Px(xs.At(value))}\" y=\"{Text.Px(height - Bottom + 16)}\">{label}</text>\n");
        page.Append($"<text class=\"x name\" x=\"{Width - Right}\" y=\"{Text.Px(height - 4)}\">step</text>\n");
    }

    /// <summary>Beside the others a hidden layer needs its number alone, and a row no word too many.</summary>
    private static string Short(string layer) => HiddenLayer().Replace(layer, "$1").Replace("output layer", "output");

    [GeneratedRegex(@"hidden layer (\d+) of \d+")]
    private static partial Regex HiddenLayer();

    /// <summary>At the layer and the step where it was found.</summary>
    private static void Mark(StringBuilder page, Finding finding, int number, IReadOnlyList<string> layers, Scale xs, double row)
    {
        var layer = layers.ToList().IndexOf(finding.Layer);
        var (x, y) = (Math.Clamp(xs.At(finding.Step + 0.5), Left + 8, Width - Right - 8), layer < 0 ? 9 : Top + (layer + 0.5) * row);
        page.Append($"<g class=\"mark {Badge.Style(finding)}\"><title>{Text.Html($"{finding.Kind} at {finding.Layer}, step {finding.Step}")}</title>")
            .Append($"<circle cx=\"{Text.Px(x)}\" cy=\"{Text.Px(y)}\" r=\"7.5\"/><text x=\"{Text.Px(x)}\" y=\"{Text.Px(y + 3.5)}\">{number}</text></g>\n");
    }

    private static void Key(StringBuilder page, Scale colours)
    {
        page.Append("<span class=\"ramp\">");
        var ticks = colours.Ticks().ToArray();
        page.Append(ticks[0].Label).Append($"<i style=\"background:linear-gradient(90deg,{string.Join(',', Palette.Anchors)})\"></i>").Append(ticks[^1].Label)
            .Append($"</span><span class=\"ramp\"><i class=\"box\" style=\"background:{Palette.NotFinite}\"></i>NaN or infinite</span>");
    }

    private static string Describe(string title, int layers, IReadOnlyList<(long Step, IReadOnlyList<double> Values)> steps)
    {
        var (first, last) = (steps[0].Values, steps[^1].Values);
        return $"{title}, {layers} in all, over steps {steps[0].Step} to {steps[^1].Step}: from {Figure.Of(first[0])} at the input and {Figure.Of(first[^1])} at the output to {Figure.Of(last[0])} and {Figure.Of(last[^1])}";
    }

    /// <summary>Steps side by side, several of them as their geometric mean; one that is not finite shows.</summary>
    private static List<Column> Columns(int layers, IReadOnlyList<(long Step, IReadOnlyList<double> Values)> steps)
    {
        var size = (steps.Count + MaxColumns - 1) / MaxColumns;
        // The last column is as wide as the steps before lie apart.
        var end = steps[^1].Step + (steps.Count == 1 ? 1 : Math.Max(1, (steps[^1].Step - steps[0].Step) / (steps.Count - 1)));
        var columns = new List<Column>();
        for (var first = 0; first < steps.Count; first += size)
        {
            var next = Math.Min(first + size, steps.Count);
            var values = new double[layers];
            for (var layer = 0; layer < layers; layer++)
            {
                var logs = 0.0;
                for (var i = first; i < next; i++)
                    logs += Math.Log(Math.Max(steps[i].Values[layer], double.Epsilon));
                values[layer] = Math.Exp(logs / (next - first));
            }
            columns.Add(new Column(steps[first].Step, next < steps.Count ? steps[next].Step : end, values));
        }
        return columns;
    }

    private sealed record Column(long From, long To, double[] Values);
}
