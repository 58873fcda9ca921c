namespace TorchSharp;

/// Frees the native tensor of a wrapper that nobody disposed. Only wrappers outside every dispose scope carry one:
/// those inside are kept and freed by their scope, and so are spared the price of a finalizable object.
internal sealed class HandleGuard(nint handle)
{
    ~HandleGuard() => torch.Tensor.Release(handle);
}
