using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static unsafe partial class utils
        {
            /// Scales all gradients by one factor if their joint norm exceeds max_norm; returns the norm before that.
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                var kept = tensors.ToArray();
                var handles = Handles(kept);
                double norm;
                fixed (nint* all = handles) Call.Check(Native.clip_grad_norm_(all, handles.Length, max_norm, norm_type, &norm), kept);
                return norm;
            }

            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                var kept = tensors.ToArray();
                var handles = Handles(kept);
                fixed (nint* all = handles) Call.Check(Native.clip_grad_value_(all, handles.Length, clip_value), kept);
            }
        }
    }
}
