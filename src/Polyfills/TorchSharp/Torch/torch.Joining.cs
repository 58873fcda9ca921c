namespace TorchSharp;

public static unsafe partial class torch
{
    public static Tensor cat(IList<Tensor> tensors, long dim = 0)
    {
        if (tensors.Count == 0) throw new ArgumentException(nameof(tensors));
        if (tensors.Count == 1) return tensors[0];
        var handles = Handles(tensors);
        fixed (nint* all = handles) return Call.Result(Native.tensors_cat(all, handles.Length, dim), tensors);
    }

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0)
    {
        var kept = tensors.ToArray();
        var handles = Handles(kept);
        fixed (nint* all = handles) return Call.Result(Native.tensors_stack(all, handles.Length, dim), kept);
    }

    public static Tensor where(Tensor condition, Tensor x, Tensor y) => x.where(condition, y);

    internal static nint[] Handles(IEnumerable<Tensor> tensors) => tensors.Select(t => t.Handle).ToArray();
}
