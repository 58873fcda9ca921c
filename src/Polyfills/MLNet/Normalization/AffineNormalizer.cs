using System.Collections.Immutable;
using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>(x - offset) · scale.</summary>
internal sealed class AffineNormalizer<T>(DataViewType columnType, T[] scale, T[] offset)
    : SlotwiseNormalizer<T>(columnType, LoaderSignature, scale, offset)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const string LoaderSignature = "AffineNormalizeFunction";

    private readonly T[] _scale = scale;
    private readonly T[] _offset = offset;

    // A vector without any offset reports none.
    public override NormalizingTransformer.NormalizerModelParametersBase Parameters => ColumnType is VectorDataViewType
        ? new NormalizingTransformer.AffineNormalizerModelParameters<ImmutableArray<T>>(
            [.. _scale], Array.TrueForAll(_offset, T.IsZero) ? [] : [.. _offset])
        : new NormalizingTransformer.AffineNormalizerModelParameters<T>(_scale[0], _offset[0]);

    protected override T Apply(T value, int slot) => (value - _offset[slot]) * _scale[slot];

    protected override int Apply(in VBuffer<T> source, Span<T> destination)
    {
        source.CopyTo(destination);
        var scale = _scale.AsSpan(0, destination.Length);
        var offset = _offset.AsSpan(0, destination.Length);
        var nonZero = 0;
        for (var slot = 0; slot < destination.Length; slot++)
        {
            var value = (destination[slot] - offset[slot]) * scale[slot];
            destination[slot] = value;
            if (value != T.Zero)
                nonZero++;
        }
        return nonZero;
    }
}
