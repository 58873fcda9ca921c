namespace TorchSharp.Modules;

/// What the normalizing layers share.
internal static unsafe class Norm
{
    /// The tensors of such a layer, as LibTorch fills them; those that are not wanted do not exist.
    public static (NativeTensor Weight, NativeTensor Bias, NativeTensor Mean, NativeTensor Var, NativeTensor Batches) Tensors(
        long features, bool affine, bool track)
    {
        var parts = stackalloc nint[5];
        Call.Check(Native.norm_new(features, affine, track, parts));
        return (new(parts[0]), new(parts[1]), new(parts[2]), new(parts[3]), new(parts[4]));
    }

    public static void Reset(NativeTensor mean, NativeTensor var, NativeTensor batches)
    {
        if (!mean.Exists) return;
        Call.Check(Native.tensor_zero_(mean.Handle), mean);
        Call.Check(Native.tensor_fill_(var.Handle, 1L), var);
        Call.Check(Native.tensor_zero_(batches.Handle), batches);
    }
}
