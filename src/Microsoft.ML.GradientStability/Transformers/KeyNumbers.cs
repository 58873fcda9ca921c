using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A vector of keys as their numbers, from 1, 0 for a missing one. ML.NET makes no numbers of its keys. A saved model names this class by its contract.
/// </summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class KeyNumbers : CustomMappingFactory<KeyNumbers.Keys, KeyNumbers.Numbers>
{
    public const string Contract = "Microsoft.ML.GradientStability.KeyNumbers";

    /// <summary>The column of the keys, UInt32.</summary>
    public const string Column = ScoreColumns.Own + "Keys";

    public override Action<Keys, Numbers> GetMapping() => (keys, numbers) =>
    {
        var values = new float[keys.Values.Length];
        foreach (var (step, key) in keys.Values.Items())
            values[step] = key;
        numbers.Values = new VBuffer<float>(values.Length, values);
    };

    internal sealed class Keys
    {
        [ColumnName(Column)]
        public VBuffer<uint> Values { get; set; }
    }

    internal sealed class Numbers
    {
        [ColumnName(SequencePadders.Sequence)]
        public VBuffer<float> Values { get; set; }
    }
}
