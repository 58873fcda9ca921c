namespace Microsoft.ML.GradientStability.Tests.Tasks;

/// <summary>Sentences of one to six words, and of what kind each word is: "saw" is a noun behind "the", a verb elsewhere.</summary>
internal sealed class TaggedWords
{
    private static readonly string[] s_nouns = ["dog", "cat", "saw"], s_verbs = ["sees", "likes", "saw"];

    public string[] Words { get; set; } = [];

    public string[] Kinds { get; set; } = [];

    public static IDataView Load(MLContext ml)
    {
        var random = new Random(4);
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(_ =>
        {
            var (words, kinds) = (new List<string>(), new List<string>());
            for (var length = random.Next(1, 7); words.Count < length;)
            {
                if (random.Next(2) == 0)
                {
                    words.AddRange(["the", s_nouns[random.Next(3)]]);
                    kinds.AddRange(["article", "noun"]);
                    continue;
                }
                words.Add(s_verbs[random.Next(3)]);
                kinds.Add("verb");
            }
            return new TaggedWords { Words = [.. words], Kinds = [.. kinds] };
        }).ToArray());
    }
}
