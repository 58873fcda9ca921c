namespace TorchSharp;

public static partial class torch
{
    public static int get_num_threads() => Native.threads_get();
    public static void set_num_threads(int num) => Call.Check(Native.threads_set(num));

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.OfThread.Current;
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.OfThread.Begin();

    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }

    public static bool is_grad_enabled() => Native.grad_enabled();
    public static IDisposable no_grad() => new GradMode(false);
    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);
    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    private sealed class GradMode : IDisposable
    {
        private readonly bool _before = Native.grad_enabled();

        public GradMode(bool enabled) => Native.grad_enable(enabled);

        public void Dispose() => Native.grad_enable(_before);
    }
}
