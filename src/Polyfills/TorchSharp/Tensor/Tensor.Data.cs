using System.Numerics;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            Expect<T>();
            return new(is_cpu() ? this : cpu());
        }

        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException($"Only one element is an item, and this tensor has {NumberOfElements}.");
            Expect<T>();
            if (is_cpu()) return Fact(*(T*)Pointer);
            using var here = cpu();
            return here.item<T>();
        }

        public Scalar ToScalar()
        {
            Number value;
            Call.Check(Native.tensor_item(Handle, &value), this);
            return new(value);
        }

        public Span<byte> bytes
        {
            get => new(Readable(), checked((int)(NumberOfElements * ElementSize)));
            set
            {
                if (NumberOfElements * ElementSize != value.Length)
                    throw new ArgumentException($"{value.Length} bytes do not fit a tensor of {NumberOfElements * ElementSize}.");
                value.CopyTo(bytes);
            }
        }

        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            var at = Readable();
            for (var left = NumberOfElements * ElementSize; left > 0;)
            {
                var span = new ReadOnlySpan<byte>(at, (int)Math.Min(left, int.MaxValue));
                stream.Write(span);
                at += span.Length;
                left -= span.Length;
            }
            GC.KeepAlive(this);
        }

        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            var at = Readable();
            for (var left = NumberOfElements * ElementSize; left > 0;)
            {
                var span = new Span<byte>(at, (int)Math.Min(left, int.MaxValue));
                stream.ReadExactly(span);
                at += span.Length;
                left -= span.Length;
            }
            GC.KeepAlive(this);
        }

        internal void* Pointer
        {
            get
            {
                var data = Native.tensor_data(Handle);
                return data is null && NumberOfElements > 0 ? throw Call.Error() : data;
            }
        }

        private byte* Readable()
        {
            if (!is_contiguous())
                throw new InvalidOperationException("A tensor whose elements do not lie side by side has no span: make it contiguous first.");
            if (!is_cpu())
                throw new InvalidOperationException("The elements lie on another device: copy the tensor to the CPU first.");
            return (byte*)Pointer;
        }

        private void Expect<T>()
        {
            var type = dtype;
            var held = type switch
            {
                ScalarType.Byte => typeof(byte),
                ScalarType.Int8 => typeof(sbyte),
                ScalarType.Int16 => typeof(short),
                ScalarType.Int32 => typeof(int),
                ScalarType.Int64 => typeof(long),
                ScalarType.Float16 => typeof(Half),
                ScalarType.Float32 => typeof(float),
                ScalarType.Float64 => typeof(double),
                ScalarType.Bool => typeof(bool),
                ScalarType.ComplexFloat32 => typeof((float, float)),
                ScalarType.ComplexFloat64 => typeof(Complex),
                _ => throw new ArgumentException($"No .NET type holds elements of {type}."),
            };
            if (held != typeof(T)) throw new ArgumentException($"The elements are {type}, not {typeof(T).Name}.");
        }
    }
}
