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
            if (NumberOfElements != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
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
                if (NumberOfElements * ElementSize != value.Length) throw new ArgumentException("Mismatched data sizes in SetBytes().");
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
            if (!is_contiguous()) throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
            if (!is_cpu())
                throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
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
                _ => throw new ArgumentException($"No support for {type} in TorchSharp"),
            };
            if (held != typeof(T)) throw new ArgumentException($"{typeof(T).Name} is not compatible with {type}");
        }
    }
}
