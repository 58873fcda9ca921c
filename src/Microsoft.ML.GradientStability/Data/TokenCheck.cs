using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Whether a row can train a network over tokens.</summary>
internal static class TokenCheck
{
    /// <param name="values">The row.</param>
    /// <param name="before">Values of it that stand before the tokens.</param>
    /// <param name="tokens">Different tokens that the network knows.</param>
    /// <param name="column">The feature column.</param>
    /// <param name="row">The number of the row, from 1.</param>
    /// <param name="where">How an error begins.</param>
    /// <exception cref="InvalidOperationException">There is a number that is no token, or none that is one.</exception>
    public static void Refuse(in VBuffer<float> values, int before, int tokens, string column, long row, string where)
    {
        var numbers = values.GetValues();
        var any = false;
        for (var i = 0; i < numbers.Length; i++)
        {
            var step = (values.IsDense ? i : values.GetIndices()[i]) - before;
            if (numbers[i] == 0 || step < 0)
                continue;
            any = true;
            if (!(numbers[i] >= 1 && numbers[i] <= tokens && numbers[i] == MathF.Round(numbers[i])))
                throw new InvalidOperationException(
                    $"{where}Row {row} has {numbers[i]} at step {1 + step} of column '{column}', which is no token: the embedding of the network knows 1 to {tokens}, "
                    + "and 0 for none. Raise the vocabulary of its Input, or mend the transform that numbers the tokens.");
        }
        if (!any)
            throw new InvalidOperationException(
                $"{where}Row {row} has no token in column '{column}', an empty sequence from which nothing can be learnt. Remove such rows, or have the transform that numbers the tokens know more of them.");
    }
}
