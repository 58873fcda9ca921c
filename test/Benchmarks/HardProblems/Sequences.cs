using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;

namespace HardProblems;

/// <summary>Rows of a problem over sequences, from a seed: steps of one length, and what is to be said of them.</summary>
/// <param name="Steps">Of a row.</param>
/// <param name="Features">Of a step.</param>
/// <param name="Classes">Of the label; 0 where it is a number.</param>
/// <param name="Draw">Fills one row and gives its label, a class from 0 or a number.</param>
internal sealed record Sequences(int Steps, int Features, int Classes, Func<Random, float[], float> Draw)
{
    public InputShape Shape => InputShape.Sequence(Steps, Features);

    public IDataView Rows(MLContext ml, int count, int seed)
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(0, count).Select(_ =>
        {
            var features = new float[Steps * Features];
            var label = Draw(random, features);
            return new Row { Features = features, Label = (uint)label, Target = label };
        }).ToArray();
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Steps, Features);
        schema[nameof(Row.Label)].ColumnType = Classes == 0 ? NumberDataViewType.UInt32 : new KeyDataViewType(typeof(uint), Classes);
        return ml.Data.LoadFromEnumerable(rows, schema);
    }

    /// <summary>
    /// Temporal order (Hochreiter and Schmidhuber 1997, problem 6a; Pascanu, Mikolov and Bengio 2013): of six symbols four distract; A or B stands at a step in
    /// [T/10, 2T/10] and another in [4T/10, 5T/10]. Which of the four orders is it?
    /// </summary>
    public static Sequences TemporalOrder(int steps) => new(steps, 6, 4, (random, row) =>
    {
        for (var step = 0; step < steps; step++)
            row[6 * step + 2 + random.Next(4)] = 1;
        var (first, second) = (random.Next(2), random.Next(2));
        Put(random.Next(steps / 10, 2 * steps / 10 + 1), first);
        Put(random.Next(4 * steps / 10, 5 * steps / 10 + 1), second);
        return 2 * first + second;

        void Put(int step, int symbol)
        {
            row.AsSpan(6 * step, 6).Clear();
            row[6 * step + symbol] = 1;
        }
    });

    /// <summary>
    /// Adding (Hochreiter and Schmidhuber 1997, problem 4; in the form of Le, Jaitly and Hinton 2015): a number in [0, 1] at every step, and a mark at one step of each half. The sum
    /// of the two marked numbers; guessing errs by 1/6.
    /// </summary>
    public static Sequences Adding(int steps) => new(steps, 2, 0, (random, row) =>
    {
        for (var step = 0; step < steps; step++)
            row[2 * step] = random.NextSingle();
        var (first, second) = (random.Next(steps / 2), steps / 2 + random.Next(steps - steps / 2));
        (row[2 * first + 1], row[2 * second + 1]) = (1, 1);
        return row[2 * first] + row[2 * second];
    });

    /// <summary>
    /// Copy memory (Hochreiter and Schmidhuber 1997, problem 2; Arjovsky, Shah and Bengio 2016): ten symbols of eight, T blanks, then a question, the place of one of the ten.
    /// Which symbol stood there? The published form asks for all ten, one after the other.
    /// </summary>
    public static Sequences CopyMemory(int steps, int symbols = 10) => new(symbols + steps + 1, 8 + symbols, 8, (random, row) =>
    {
        var memory = new int[symbols];
        for (var step = 0; step < symbols; step++)
            row[(8 + symbols) * step + (memory[step] = random.Next(8))] = 1;
        var asked = random.Next(symbols);
        row[(8 + symbols) * (symbols + steps) + 8 + asked] = 1;
        return memory[asked];
    });

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public uint Label { get; set; }

        public float Target { get; set; }
    }
}
