using System.Collections.Immutable;
using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>The normal distribution function of x or of log x, by an elementary approximation of erf. Missing values become zero.</summary>
internal sealed class CdfNormalizer<T>(DataViewType columnType, T[] mean, T[] deviation, bool useLog)
    : SlotwiseNormalizer<T>(columnType, LoaderSignature, mean, deviation)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const string LoaderSignature = "CdfNormalizeFunction";

    private readonly T[] _mean = mean;
    private readonly T[] _deviation = deviation;

    public override NormalizingTransformer.NormalizerModelParametersBase Parameters => ColumnType is VectorDataViewType
        ? new NormalizingTransformer.CdfNormalizerModelParameters<ImmutableArray<T>>([.. _mean], [.. _deviation], useLog)
        : new NormalizingTransformer.CdfNormalizerModelParameters<T>(_mean[0], _deviation[0], useLog);

    public override void Save(ModelSaveContext ctx)
    {
        base.Save(ctx);
        ctx.Writer.Write(useLog);
    }

    protected override T Apply(T value, int slot)
    {
        if (useLog)
            value = T.CreateTruncating(Math.Log(double.CreateTruncating(value)));
        if (!T.IsFinite(value) || _deviation[slot] <= T.Epsilon)
            return T.Zero;
        // erf(z)² ≈ 1 - exp(-z² (4/π + a z²) / (1 + a z²)), a = 0.147, z = x/√2
        var x = (value - _mean[slot]) / _deviation[slot];
        var z2 = x * x / T.CreateTruncating(2);
        var az2 = T.CreateTruncating(0.147) * z2;
        var exponent = double.CreateTruncating(-z2) * (4 / Math.PI + double.CreateTruncating(az2)) / double.CreateTruncating(T.One + az2);
        return T.CreateTruncating(0.5 + 0.5 * T.Sign(x) * Math.Sqrt(1 - Math.Exp(exponent)));
    }

    // The slots that a sparse vector leaves out stay zero.
    protected override int Apply(in VBuffer<T> source, Span<T> destination)
    {
        var values = source.GetValues();
        var indices = source.GetIndices();
        if (!source.IsDense)
            destination.Clear();
        var nonZero = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var slot = source.IsDense ? i : indices[i];
            destination[slot] = Apply(values[i], slot);
            if (destination[slot] != T.Zero)
                nonZero++;
        }
        return nonZero;
    }
}
