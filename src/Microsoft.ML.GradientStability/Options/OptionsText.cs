using System.Text;
using System.Text.Json.Nodes;

namespace Microsoft.ML.GradientStability;

/// <summary>Options as people read them.</summary>
internal static class OptionsText
{
    public static string Of(TrainingOptions options)
    {
        var here = OptionsJson.Values(options);
        var defaults = OptionsJson.Values((TrainingOptions)Activator.CreateInstance(options.GetType())!);
        var width = here.Keys.Max(name => name.Length);
        var text = new StringBuilder();
        foreach (var (name, (json, value)) in here)
        {
            text.Append(name.PadRight(width)).Append("  ").Append(value);
            if (!JsonNode.DeepEquals(json, defaults[name].Json))
                text.Append("  (default ").Append(defaults[name].Text).Append(')');
            text.AppendLine();
        }
        foreach (var conflict in options.Conflicts())
            text.Append(conflict.Severity).Append(": ").Append(conflict).AppendLine();
        return text.ToString();
    }
}
