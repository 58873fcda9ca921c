using System.Text;

namespace Microsoft.ML.GradientStability;

/// <summary>The curves of a fit.</summary>
internal static class Pictures
{
    /// <summary>Curves of norm over depth, from the first step to the last.</summary>
    private const int Profiles = 4;

    public static void Write(StringBuilder page, TrainingCurves curves, IReadOnlyList<Finding> findings)
    {
        var steps = curves.Steps;
        (double From, double To) span = (steps[0].Step, steps[^1].Step);
        (double, Finding)[] marks = [.. findings.Select(finding => ((double)finding.Step, finding))];
        page.Append("<section class=\"pictures\">\n");
        List<Line> loss = [new("batch", curves.Epochs.Count == 0 ? "one" : "faint", steps.Select(s => ((double)s.Step, s.Loss)))];
        if (curves.Epochs.Count > 0)
            loss.Add(new Line("epoch", "one", curves.Epochs.Select(e => ((double)e.Step, e.Loss))));
        if (curves.Epochs.Any(e => e.ValidationLoss is not null))
            loss.Add(new Line("held out", "two", curves.Epochs.Select(e => ((double)e.Step, e.ValidationLoss ?? double.NaN))));
        Chart.Write(page, "Loss", "step", loss, span, marks);
        List<Line> norm = [new("as computed", "two", steps.Select(s => ((double)s.Step, s.GradientNorm)))];
        if (steps.Any(s => s.ClippedGradientNorm > 0 && s.ClippedGradientNorm < s.GradientNorm))
            norm.Add(new Line("after clipping", "one", steps.Where(s => s.ClippedGradientNorm > 0).Select(s => ((double)s.Step, s.ClippedGradientNorm))));
        Chart.Write(page, "Gradient norm", "step", norm, span, marks, log: true);
        HeatMap.Write(page, "Gradient norm of every layer", curves.Layers, [.. steps.Select(s => (s.Step, s.LayerNorms))], findings);
        if (curves.Statistics.Count > 1)
            Looks(page, curves, findings);
        page.Append("</section>\n<section class=\"pictures small\">\n");
        Chart.Write(page, "Gradient norm over depth", "layer, from input to output", [.. ByDepth(steps)], (1, curves.Layers.Count),
            [.. from finding in findings let layer = curves.Layers.ToList().IndexOf(finding.Layer) where layer >= 0 select (layer + 1.0, finding)], log: true);
        if (curves.Epochs.Any(e => e.ValidationAccuracy is not null))
            Chart.Write(page, "Held-out accuracy", "step",
                [new Line("share correct", "two", curves.Epochs.Select(e => ((double)e.Step, e.ValidationAccuracy ?? double.NaN)))], span, marks, log: false);
        if (Silent(curves.Statistics) is { Length: > 0 } silent)
            Chart.Write(page, "Units that say nothing, in the worst layer", "step", silent, span, marks, log: false);
        Chart.Write(page, "Learning rate", "step", [new Line("rate", "one", steps.Select(s => ((double)s.Step, s.LearningRate)))], span, marks, log: false);
        page.Append("</section>\n");
    }

    /// <summary>What full looks saw of the weights and the hidden layers.</summary>
    private static void Looks(StringBuilder page, TrainingCurves curves, IReadOnlyList<Finding> findings)
    {
        HeatMap.Write(page, "Update ratio ‖Δw‖/‖w‖ of every layer", curves.Layers,
            [.. curves.Statistics.Select(s => (s.Step, (IReadOnlyList<double>)[.. s.Layers.Select(layer => layer.UpdateRatio)]))], findings);
        if (curves.Statistics[0].Activations.Count > 0)
            HeatMap.Write(page, "Spread of the activations of every hidden layer", [.. curves.Layers.SkipLast(1)],
                [.. curves.Statistics.Select(s => (s.Step, (IReadOnlyList<double>)[.. s.Activations.Select(layer => layer.Spread)]))], findings);
        if (curves.Statistics[0].GradientOverTime is { Count: > 1 } steps)
            HeatMap.Write(page, "Gradient by every step of the sequences", [.. Enumerable.Range(1, steps.Count).Select(step => $"step {step}")],
                [.. curves.Statistics.Select(s => (s.Step, s.GradientOverTime))], []);
    }

    /// <summary>Greatest share of dead and of saturated units; none where there never were any.</summary>
    private static Line[] Silent(IReadOnlyList<StepStatistics> looks)
    {
        Line Greatest(string name, string style, Func<ActivationStatistics, double> share) =>
            new(name, style, [.. looks.Select(look => ((double)look.Step, look.Activations.Select(share).DefaultIfEmpty().Max()))]);
        return
        [
            .. new[] { Greatest("dead", "two", layer => layer.Dead), Greatest("saturated", "one", layer => layer.Saturated) }
                .Where(line => looks.Count > 1 && line.Points.Any(point => point.Y > 0)),
        ];
    }

    /// <summary>The first and the last step, and two evenly between them.</summary>
    private static IEnumerable<Line> ByDepth(IReadOnlyList<StepPoint> steps)
    {
        var chosen = Enumerable.Range(0, Profiles).Select(i => i * (steps.Count - 1) / (Profiles - 1)).Distinct().ToArray();
        for (var i = 0; i < chosen.Length; i++)
            yield return new Line($"step {steps[chosen[i]].Step}", $"depth{(i == chosen.Length - 1 ? Profiles : i + 1)}",
                steps[chosen[i]].LayerNorms.Select((norm, layer) => (layer + 1.0, norm)));
    }
}
