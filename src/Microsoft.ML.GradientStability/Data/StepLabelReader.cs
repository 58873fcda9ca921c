using System.Diagnostics;
using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Reads a label column that has a label for every step of a sequence.</summary>
internal abstract class StepLabelReader : LabelReader
{
    public sealed override Func<float> Open(DataViewRow row, DataViewSchema.Column label) => throw new UnreachableException();

    /// <summary>Gives the targets of the current row's steps; NaN for a step without a label, infinity for one that nothing can be learnt from.</summary>
    public abstract ValueGetter<VBuffer<float>> OpenSteps(DataViewRow row, DataViewSchema.Column label);
}

/// <summary>Keys as the indexes of their classes, from 0.</summary>
internal sealed class KeyStepLabelReader : StepLabelReader
{
    public override void Check(ColumnForm label)
    {
        if (!label.IsKey || label.IsScalar)
            throw SchemaMismatch.Label(label, "a vector of keys", SchemaAdvice.ToKeysOfSteps(label));
        if (label.ItemType is KeyDataViewType keys && keys.Count > KeyLabelReader.MostClasses)
            throw SchemaMismatch.TooManyKeys(label.Name, keys.Count, KeyLabelReader.MostClasses);
    }

    public override ValueGetter<VBuffer<float>> OpenSteps(DataViewRow row, DataViewSchema.Column label)
    {
        var count = ((KeyDataViewType)((VectorDataViewType)label.Type).ItemType).Count;
        var read = FeatureGetter.Of(row, FeatureColumn.Of(label, 0), int.MaxValue, "");
        var keys = default(VBuffer<float>);
        return (ref VBuffer<float> indexes) =>
        {
            read(ref keys);
            var editor = VBufferEditor.Create(ref indexes, keys.Length);
            foreach (var (step, key) in keys.Items(all: true))
                editor.Values[step] = key == 0 ? float.NaN : key <= count ? key - 1 : float.PositiveInfinity;
            indexes = editor.Commit();
        };
    }

    public override string Describe(float target) => "a key beyond the count of its type";
}

/// <summary>Numbers as they are.</summary>
internal sealed class NumberStepLabelReader : StepLabelReader
{
    public override void Check(ColumnForm label)
    {
        if (!label.IsSingle || label.IsScalar)
            throw SchemaMismatch.Label(label, "a vector of Single", SchemaAdvice.ToNumbersOfSteps(label));
    }

    public override ValueGetter<VBuffer<float>> OpenSteps(DataViewRow row, DataViewSchema.Column label) => row.GetGetter<VBuffer<float>>(label);
}
