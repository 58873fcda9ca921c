using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Rows of different lengths as rows of one, NaN behind their ends: ML.NET's ONNX transformer takes no others. Its mappings know their sizes by their
/// types alone, so that there is a type a size. A saved model names the type by its contract.
/// </summary>
/// <typeparam name="TPadded">A row with a vector of the size.</typeparam>
internal abstract class SequencePadder<TPadded> : CustomMappingFactory<SequencePadder<TPadded>.Sequence, TPadded>, ISequencePadder where TPadded : class, IPaddedRow, new()
{
    protected abstract string Contract { get; }

    public abstract int Size { get; }

    /// <remarks>ML.NET runs one mapping on several threads, each with a row of its own.</remarks>
    public override Action<Sequence, TPadded> GetMapping() => (sequence, row) =>
    {
        var (values, padded) = (sequence.Values, row.Values);
        if (values.Length > Size)
            throw new InvalidOperationException($"A row has a sequence of {values.Length} values, and the model takes {Size} at most. Shorten such rows.");
        var editor = VBufferEditor.Create(ref padded, Size);
        values.CopyTo(editor.Values);
        editor.Values[values.Length..].Fill(float.NaN);
        row.Values = editor.Commit();
    };

    public ITransformer Fit(MLContext context, IDataView data) => context.Transforms.CustomMapping(GetMapping(), Contract).Fit(data);

    internal sealed class Sequence
    {
        [ColumnName(SequencePadders.Sequence)]
        public VBuffer<float> Values { get; set; }
    }
}

/// <summary>A row that was padded.</summary>
internal interface IPaddedRow
{
    VBuffer<float> Values { get; set; }
}

/// <summary>What pads rows to a size.</summary>
internal interface ISequencePadder
{
    /// <summary>Numbers of a row.</summary>
    int Size { get; }

    /// <summary>The official transformer from <see cref="SequencePadders.Sequence"/> to <see cref="SequencePadders.Padded"/>.</summary>
    ITransformer Fit(MLContext context, IDataView data);
}
