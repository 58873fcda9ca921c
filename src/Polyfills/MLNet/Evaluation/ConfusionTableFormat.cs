using System.Text;

namespace Microsoft.ML.Data;

/// <summary>The text table of a confusion matrix: truth down, prediction across, recall and precision at the edges.</summary>
internal static class ConfusionTableFormat
{
    private const string Across = "PREDICTED";

    public static string Format(ConfusionMatrix matrix, IReadOnlyList<ReadOnlyMemory<char>> names, bool isBinary)
    {
        var classes = matrix.NumberOfClasses;
        var cell = classes == 2 ? 8 : 5;
        var longest = names.Max(name => name.Length);

        // Names that do not fit a cell stand beside the rows only, numbered; the columns then carry the numbers.
        var numbered = longest > cell;
        var digits = (classes - 1).ToString().Length;
        var margin = Math.Max(Across.Length, numbered ? longest + digits + 2 : longest);
        var rule = string.Concat(Enumerable.Repeat(new string('=', classes > 2 ? 8 : 11), classes));

        var text = new StringBuilder();
        if (isBinary)
        {
            var (positives, negatives) = (matrix.Counts[0].Sum(), matrix.Counts[1].Sum());
            text.Append($"TEST {names[0].ToString().ToUpper()} RATIO:\t{positives / (positives + negatives):N4} ")
                .Append($"({positives:F1}/({positives:F1}+{negatives:F1}))");
        }
        text.AppendLine().AppendLine("Confusion table");
        void Begin(string label) => text.Append(label.PadRight(margin + 1)).Append("||");

        Begin("");
        text.AppendLine(rule);
        Begin(Across);
        for (var i = 0; i < classes; i++)
            text.Append(' ').Append((numbered ? i.ToString() : names[i].ToString()).PadLeft(cell)).Append(" |");
        text.AppendLine(" Recall");
        Begin("TRUTH");
        text.AppendLine(rule);

        for (var truth = 0; truth < classes; truth++)
        {
            var name = names[truth].ToString();
            if (numbered)
                text.Append(truth.ToString().PadLeft(digits)).Append(". ");
            text.Append(name.PadLeft(numbered ? margin - digits - 2 : margin)).Append(" ||");
            for (var predicted = 0; predicted < classes; predicted++)
                text.Append(' ').Append(matrix.Counts[truth][predicted].ToString("N0").PadLeft(cell)).Append(" |");
            text.Append(' ').AppendLine(matrix.PerClassRecall[truth].ToString("F4").PadLeft(5));
        }

        Begin("");
        text.AppendLine(rule);
        Begin("Precision");
        foreach (var precision in matrix.PerClassPrecision)
            text.Append(precision.ToString("N4").PadLeft(cell + 1)).Append(" |");
        return text.AppendLine().ToString();
    }
}
