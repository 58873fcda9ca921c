namespace Language;

/// <summary>
/// An n-gram model of characters, interpolated as by Witten and Bell (1991): p(c | h) = (count(h c) + kinds(h) · p(c | h′)) / (count(h) + kinds(h)),
/// where kinds(h) counts the different characters seen behind h and h′ is h without its first character; at the end stands the uniform distribution.
/// </summary>
internal sealed class NGrams
{
    private readonly int _order;
    private readonly int _alphabet;
    private readonly Dictionary<string, int> _counts = [];
    private readonly Dictionary<string, (int Count, int Kinds)> _contexts = [];

    /// <param name="order">Characters of the longest n-gram, at least 1.</param>
    /// <param name="alphabet">Different characters that there are.</param>
    /// <param name="text">What is counted.</param>
    public NGrams(int order, int alphabet, string text)
    {
        (_order, _alphabet) = (order, alphabet);
        for (var end = 1; end <= text.Length; end++)
        {
            for (var length = 1; length <= Math.Min(order, end); length++)
            {
                var gram = text.Substring(end - length, length);
                var seen = _counts.GetValueOrDefault(gram);
                _counts[gram] = seen + 1;
                var (count, kinds) = _contexts.GetValueOrDefault(gram[..^1]);
                _contexts[gram[..^1]] = (count + 1, seen == 0 ? kinds + 1 : kinds);
            }
        }
    }

    /// <summary>The mean of −log₂ p of the characters of a text from a position on, each behind all that stand before it.</summary>
    public double BitsPerCharacter(string text, int start) => Enumerable.Range(start, text.Length - start).Average(i => -Math.Log2(Probability(text, i)));

    private double Probability(string text, int position)
    {
        var probability = 1.0 / _alphabet;
        for (var length = 1; length <= Math.Min(_order, position + 1); length++)
        {
            var gram = text.Substring(position + 1 - length, length);
            if (!_contexts.TryGetValue(gram[..^1], out var context))
                break;
            probability = (_counts.GetValueOrDefault(gram) + context.Kinds * probability) / (context.Count + context.Kinds);
        }
        return probability;
    }
}
