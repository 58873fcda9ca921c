using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// A reference that a layer holds itself, beside the wrapper that it registered: neither counted nor owned by a dispose scope, so that
/// the layer goes on working when that wrapper is disposed.
internal sealed class NativeTensor(nint handle)
{
    private nint _handle = handle;

    public static NativeTensor Of(Tensor tensor) => new(Native.tensor_share(tensor.Handle));

    public nint Handle => _handle;
    public bool Exists => _handle != 0;

    /// Another reference, in a new wrapper.
    public Tensor? AsTensor() => Exists ? new(Native.tensor_share(_handle)) : null;
    public Parameter? AsParameter() => Exists ? new(Native.tensor_share(_handle)) : null;

    /// Holds the tensor of another wrapper from now on.
    public T Take<T>(T? value, string name) where T : Tensor
    {
        if (value is null) throw new ArgumentNullException(name);
        var handle = Native.tensor_share(value.Handle);
        Release();
        _handle = handle;
        return value;
    }

    ~NativeTensor() => Release();

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (_handle != 0) Native.tensor_release(_handle);
        _handle = 0;
    }
}
