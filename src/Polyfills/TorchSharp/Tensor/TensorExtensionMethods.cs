using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp;

public static class TensorExtensionMethods
{
    public static float ToSingle(this Tensor value) => value.ToScalar().ToSingle();
    public static double ToDouble(this Tensor value) => value.ToScalar().ToDouble();
    public static int ToInt32(this Tensor value) => value.ToScalar().ToInt32();
    public static long ToInt64(this Tensor value) => value.ToScalar().ToInt64();
    public static bool ToBoolean(this Tensor value) => value.ToScalar().ToBoolean();

    public static Parameter AsParameter(this Tensor tensor) => new(tensor);

    /// The stream format of TorchSharp: element type, number of dimensions and each dimension in LEB128, then the raw elements.
    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        using var here = tensor.is_cpu() ? null : tensor.cpu();
        writer.Encode((long)tensor.dtype);
        var shape = tensor.shape;
        writer.Encode(shape.Length);
        foreach (var size in shape) writer.Encode(size);
        (here ?? tensor).WriteBytesToStream(writer.BaseStream);
    }

    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = Header(reader);
        if (type != tensor.dtype)
            throw new ArgumentException($"The stream holds elements of {type}, the tensor of {tensor.dtype}.");
        if (!skip && !shape.AsSpan().SequenceEqual(tensor.shape))
            throw new ArgumentException($"The stream holds a tensor of another shape than {tensor}: [{string.Join("x", shape)}].");
        if (skip) Skip(reader, tensor);
        else Fill(tensor, reader);
    }

    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        var (type, shape) = Header(reader);
        var tensor = empty(shape, type);
        if (skip) Skip(reader, tensor);
        else Fill(tensor, reader);
        return tensor;
    }

    private static (ScalarType, long[]) Header(BinaryReader reader)
    {
        var type = (ScalarType)reader.Decode();
        var shape = new long[reader.Decode()];
        for (var i = 0; i < shape.Length; i++) shape[i] = reader.Decode();
        return (type, shape);
    }

    private static void Fill(Tensor tensor, BinaryReader reader)
    {
        if (tensor.is_cpu())
        {
            tensor.ReadBytesFromStream(reader.BaseStream);
            return;
        }
        using var unchanged = no_grad();
        using var here = empty_like(tensor, device: CPU);
        here.ReadBytesFromStream(reader.BaseStream);
        tensor.copy_(here);
    }

    private static void Skip(BinaryReader reader, Tensor like) =>
        reader.BaseStream.Seek(like.NumberOfElements * like.ElementSize, SeekOrigin.Current);
}
