namespace Microsoft.ML.GradientStability;

/// <summary>Colours of numbers from small to great, of even steps to the eye, and told apart by the colour-blind: viridis (Smith and van der Walt 2015).</summary>
internal static class Palette
{
    /// <summary>Levels; more are not told apart, and cost bytes.</summary>
    private const int Levels = 48;

    public const string NotFinite = "#e5322d";

    /// <summary>Nine evenly spaced colours of it.</summary>
    public static string[] Anchors { get; } =
        ["#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725"];

    public static string Colour(double value, Scale scale)
    {
        if (!double.IsFinite(value))
            return NotFinite;
        var place = Math.Round(scale.Share(value) * (Levels - 1)) / (Levels - 1) * (Anchors.Length - 1);
        var below = Math.Min((int)place, Anchors.Length - 2);
        return $"#{Mix(1):x2}{Mix(3):x2}{Mix(5):x2}";

        int Mix(int at) => (int)Math.Round(double.Lerp(Part(Anchors[below], at), Part(Anchors[below + 1], at), place - below));
    }

    private static int Part(string colour, int at) => Convert.ToInt32(colour.Substring(at, 2), 16);
}
