using TorchSharp;

namespace Endurance;

/// <summary>What the process holds at one moment, garbage collected.</summary>
/// <param name="Done">Repetitions until then.</param>
/// <param name="WorkingSet">Bytes.</param>
/// <param name="Heap">Bytes of managed objects.</param>
/// <param name="Tensors">Native tensors that are alive.</param>
/// <param name="Files">Files in the folder for temporary ones.</param>
internal sealed record Sample(int Done, long WorkingSet, long Heap, long Tensors, int Files)
{
    /// <param name="done">Repetitions until now.</param>
    /// <param name="counted">Tensors that TorchSharp counts for ever though they are none: every tensor that became a Parameter.</param>
    /// <param name="folder">For temporary files.</param>
    public static Sample Take(int done, long counted, TemporaryFolder folder)
    {
        for (var pass = 0; pass < 2; pass++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return new Sample(done, Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: true), torch.Tensor.TotalCount - counted, folder.Files);
    }
}
