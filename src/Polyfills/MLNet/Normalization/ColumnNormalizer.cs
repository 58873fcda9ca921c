using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The fitted function of one column.</summary>
internal abstract class ColumnNormalizer(DataViewType columnType)
{
    public DataViewType ColumnType { get; } = columnType;

    public abstract NormalizingTransformer.NormalizerModelParametersBase Parameters { get; }

    public static ColumnNormalizer Load(ModelLoadContext ctx)
    {
        var type = DataViewTypeCodec.ReadType(ctx.Reader);
        return type.GetItemType() == NumberDataViewType.Single ? Load<float>(ctx, type) : Load<double>(ctx, type);
    }

    public abstract void Save(ModelSaveContext ctx);

    public abstract Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column);

    private static ColumnNormalizer Load<T>(ModelLoadContext ctx, DataViewType type)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (first, second) = (ReadArray<T>(ctx.Reader), ReadArray<T>(ctx.Reader));
        return ctx.LoaderSignature switch
        {
            AffineNormalizer<T>.LoaderSignature => new AffineNormalizer<T>(type, first, second),
            CdfNormalizer<T>.LoaderSignature => new CdfNormalizer<T>(type, first, second, ctx.Reader.ReadBoolean()),
            var unknown => throw Contracts.ExceptDecode($"Unknown normalizer '{unknown}'."),
        };
    }

    private static T[] ReadArray<T>(BinaryReader reader) => [.. DataViewTypeCodec.ReadVBuffer<T>(reader).DenseValues()];
}
