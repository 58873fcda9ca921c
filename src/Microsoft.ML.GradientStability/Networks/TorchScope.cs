using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// LibTorch on this thread as our code needs it, whatever the host program set: gradients are recorded, no inference mode, and so many
/// threads compute. The host's settings are back at the end.
/// </summary>
/// <remarks>
/// The default type and device of new tensors, and the generator, belong to the whole process: our code names the first two and does without the third.
/// </remarks>
internal sealed class TorchScope : IDisposable
{
    private static readonly Lock Gate = new();

    private readonly IDisposable _gradients = inference_mode(false);
    private readonly int _threads;
    private readonly int _threadsOfHost = get_num_threads();

    /// <param name="threads">At least 1.</param>
    public TorchScope(int threads)
    {
        _threads = threads;
        SetThreads(threads);
        Cores.Enter(threads);
    }

    public void Dispose()
    {
        Cores.Leave(_threads);
        SetThreads(_threadsOfHost);
        _gradients.Dispose();
    }

    /// <summary>LibTorch keeps a number of threads for every thread, and one for threads to come, which setting the first changes too.</summary>
    private static void SetThreads(int threads)
    {
        if (get_num_threads() == threads)
            return;
        lock (Gate)
        {
            var ofNewThreads = 0;
            OnNewThread(() => ofNewThreads = get_num_threads());
            set_num_threads(threads);
            OnNewThread(() => set_num_threads(ofNewThreads));
        }
    }

    private static void OnNewThread(ThreadStart action)
    {
        var thread = new Thread(action);
        thread.Start();
        thread.Join();
    }
}
