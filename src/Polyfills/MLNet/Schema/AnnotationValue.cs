using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Turns an annotation's value (a scalar, string, array or vector) into the getter of its type.</summary>
internal static class AnnotationValue
{
    public static Delegate GetterOf<T>(T value, DataViewType type)
    {
        var (isVector, itemType) = TypedMember.Describe(typeof(T), "annotation value");
        Contracts.Check(isVector == type is VectorDataViewType,
            $"Value inputted is supposed to be {(isVector ? "vector" : "scalar")}, but the type of the annotation is {type}");
        Contracts.Check(itemType == type.GetItemType().RawType,
            $"Value inputted is supposed to have Type {itemType}, but the type of the annotation has {type.GetItemType().RawType}");
        return value switch
        {
            string text => Scalar(text.AsMemory()),
            string[] texts => Dense(Array.ConvertAll(texts, t => t.AsMemory())),
            Array array => TypedCall.Of<Delegate>(Dense<int>, [itemType], array),
            _ when isVector => TypedCall.Of<Delegate>(Vector<int>, [itemType], value),
            _ => Scalar(value),
        };
    }

    private static Delegate Scalar<T>(T value) => (ValueGetter<T>)((ref T dst) => dst = value);

    private static Delegate Dense<T>(T[] values) => Vector(new VBuffer<T>(values.Length, values));

    private static Delegate Vector<T>(VBuffer<T> values) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> dst) => values.CopyTo(ref dst));
}
