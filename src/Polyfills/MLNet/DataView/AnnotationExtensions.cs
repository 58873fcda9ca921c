using Builder = Microsoft.ML.DataViewSchema.Annotations.Builder;

namespace Microsoft.ML.Data;

internal static class AnnotationExtensions
{
    public static void AddSlotNames(this Builder builder, int size, ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter) =>
        builder.Add(AnnotationNames.SlotNames, new VectorDataViewType(TextDataViewType.Instance, size), getter);

    public static void AddKeyValues<T>(this Builder builder, int size, PrimitiveDataViewType itemType, ValueGetter<VBuffer<T>> getter) =>
        builder.Add(AnnotationNames.KeyValues, new VectorDataViewType(itemType, size), getter);

    public static void AddIsNormalized(this Builder builder) =>
        builder.AddPrimitiveValue(AnnotationNames.IsNormalized, BooleanDataViewType.Instance, true);
}
