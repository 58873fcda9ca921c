using System.Globalization;
using System.Text;

namespace Microsoft.ML.GradientStability;

/// <summary>Layer × step: the norm of every layer's raw gradient on a logarithmic scale of colours.</summary>
internal static class HeatMap
{
    private const double Width = 1160, Left = 150, Right = 14, Top = 20, Bottom = 34;

    /// <summary>More columns than these are not told apart.</summary>
    private const int MaxColumns = 170;

    private const int MaxLabels = 18;

    public static void Write(StringBuilder page, ReportContent content)
    {
        var (curves, layers) = (content.Curves, content.Curves.Layers.Count);
        var columns = Columns(curves);
        var row = Math.Clamp(260.0 / layers, 3, 26);
        var height = Top + row * layers + Bottom;
        var xs = Scale.Whole(curves.Steps[0].Step, curves.Steps[^1].Step + curves.Interval, Left, Width - Right);
        var colours = Scale.Around(columns.SelectMany(column => column.Norms), 0, 1, log: true);
        page.Append("<figure class=\"wide\"><figcaption>Gradient norm of every layer");
        Key(page, colours);
        page.Append($"</figcaption>\n<svg viewBox=\"0 0 {Width} {Text.Px(height)}\" role=\"img\" aria-label=\"{Text.Html(Describe(curves))}\">\n");
        page.Append("<g shape-rendering=\"crispEdges\">\n");
        for (var layer = 0; layer < layers; layer++)
            Row(page, columns, layer, Top + layer * row, row, xs, colours);
        page.Append("</g>\n");
        Labels(page, curves.Layers, row, xs, height);
        for (var i = 0; i < content.Findings.Count; i++)
            Mark(page, content.Findings[i], i + 1, curves.Layers, xs, row);
        page.Append("</svg></figure>\n");
    }

    /// <summary>Neighbours of the same colour are one stroke.</summary>
    private static void Row(StringBuilder page, List<Column> columns, int layer, double y, double height, Scale xs, Scale colours)
    {
        for (var first = 0; first < columns.Count;)
        {
            var colour = Palette.Colour(columns[first].Norms[layer], colours);
            var last = first;
            while (last + 1 < columns.Count && Palette.Colour(columns[last + 1].Norms[layer], colours) == colour)
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
            if (layer % every == 0 || layer == layers.Count - 1)
                page.Append($"<text class=\"y\" x=\"{Left - 8}\" y=\"{Text.Px(Top + (layer + 0.5) * row + 4)}\">{Text.Html(layers[layer])}</text>\n");
        foreach (var (value, label) in xs.Ticks())
            page.Append($"<text class=\"x\" x=\"{Text.Px(xs.At(value))}\" y=\"{Text.Px(height - Bottom + 16)}\">{label}</text>\n");
        page.Append($"<text class=\"x name\" x=\"{Width - Right}\" y=\"{Text.Px(height - 4)}\">step</text>\n");
    }

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

    private static string Describe(TrainingCurves curves) => string.Create(CultureInfo.InvariantCulture,
        $"Gradient norm of {curves.Layers.Count} layers over {curves.Steps.Count} steps; at the first, {Text.Of(curves.Steps[0].LayerNorms[0])} at the input and {Text.Of(curves.Steps[0].LayerNorms[^1])} at the output; at the last, {Text.Of(curves.Steps[^1].LayerNorms[0])} and {Text.Of(curves.Steps[^1].LayerNorms[^1])}");

    /// <summary>Points side by side, several of them as their geometric mean; one that is not finite shows.</summary>
    private static List<Column> Columns(TrainingCurves curves)
    {
        var steps = curves.Steps;
        var size = (steps.Count + MaxColumns - 1) / MaxColumns;
        var columns = new List<Column>();
        for (var first = 0; first < steps.Count; first += size)
        {
            var next = Math.Min(first + size, steps.Count);
            var norms = new double[curves.Layers.Count];
            for (var layer = 0; layer < norms.Length; layer++)
            {
                var logs = 0.0;
                for (var i = first; i < next; i++)
                    logs += Math.Log(Math.Max(steps[i].LayerNorms[layer], double.Epsilon));
                norms[layer] = Math.Exp(logs / (next - first));
            }
            columns.Add(new Column(steps[first].Step, next < steps.Count ? steps[next].Step : steps[^1].Step + curves.Interval, norms));
        }
        return columns;
    }

    private sealed record Column(long From, long To, double[] Norms);
}
