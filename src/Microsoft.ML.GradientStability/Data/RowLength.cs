namespace Microsoft.ML.GradientStability;

/// <summary>How many numbers a row of features may have: as many as every other, or those of whole steps of a sequence.</summary>
/// <param name="Most">Numbers of a row; the greatest number where rows vary.</param>
/// <param name="Step">Numbers of a step where rows vary in their steps; 0 where all rows have <paramref name="Most"/>.</param>
/// <param name="Before">Numbers of a row that stand before its steps, those of other columns.</param>
internal readonly record struct RowLength(int Most, int Step = 0, int Before = 0)
{
    /// <summary>Whether rows are sequences of different lengths.</summary>
    public bool Varies => Step > 0;

    /// <summary>Numbers of a row that has one step.</summary>
    public int Least => Before + Step;

    /// <summary>The same sequences behind numbers of other columns; 0 numbers at most still are none that is known.</summary>
    public RowLength Behind(int before) => this with { Most = Most is 0 or int.MaxValue ? Most : Most + before, Before = before };

    /// <param name="length">Numbers of a row.</param>
    /// <param name="column">The feature column.</param>
    /// <param name="row">The number of the row, from 1.</param>
    /// <param name="where">How an error begins.</param>
    /// <exception cref="InvalidOperationException">No row may have so many.</exception>
    public void Check(int length, string column, long row, string where = "")
    {
        if (!Varies && length != Most)
            throw new InvalidOperationException($"{where}Row {row} has {length} values in column '{column}', whose type says {Most}. Mend the transform that makes the column.");
        if (!Varies)
            return;
        if ((length - Before) % Step != 0)
            throw new InvalidOperationException(
                $"{where}Row {row} has {length - Before} values in column '{column}', which are no whole steps of {Step}. Mend the transform that makes the column, or the features of the network's Input.");
        if (length > Most)
            throw new InvalidOperationException(
                $"{where}Row {row} has a sequence of {(length - Before) / Step} steps in column '{column}', and the network takes {(Most - Before) / Step} at most. Raise the steps of its Input, or shorten such rows.");
    }

    /// <summary>Beyond that, a row to learn from has a step.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public void RefuseEmpty(int length, string column, long row, string where)
    {
        if (Varies && length == Before)
            throw new InvalidOperationException($"{where}Row {row} has no step in column '{column}', an empty sequence from which nothing can be learnt. Remove such rows.");
    }
}
