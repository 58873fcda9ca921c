namespace TorchSharp;

public static partial class torch
{
    public class Generator : IDisposable
    {
        private nint _handle;

        internal Generator(nint handle) => _handle = handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            if (InitializeDevice(device).type != DeviceType.CPU)
                throw new ArgumentException("A generator is made for the CPU only.", nameof(device));
            _handle = Native.generator_new(seed);
        }

        ~Generator() => Dispose(false);

        public static Generator Default => new(Native.generator_default());
        public nint Handle => _handle;
        public Device device => CPU;

        public Generator manual_seed(long seed)
        {
            Native.generator_seed(_handle, (ulong)seed);
            return this;
        }

        public long seed() => (long)Native.generator_reseed(_handle);
        public long initial_seed() => (long)Native.generator_initial_seed(_handle);
        public Tensor get_state() => Call.Result(Native.generator_state(_handle), this);
        public void set_state(Tensor value) => Call.Check(Native.generator_set_state(_handle, value.Handle), this, value);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (_handle != 0) Native.generator_release(_handle);
            _handle = 0;
        }
    }

    public static Generator manual_seed(long seed)
    {
        Call.Check(Native.seed_all((ulong)seed));
        return Generator.Default;
    }
}
