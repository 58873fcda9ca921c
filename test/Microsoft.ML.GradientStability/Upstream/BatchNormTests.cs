using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>A defect of TorchSharp 0.107.0 that batches are cut around.</summary>
[TestClass]
public sealed class BatchNormTests
{
    [TestMethod]
    public void A_single_training_row_is_taken_and_makes_the_running_variance_NaN()
    {
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm1d(4);
        norm.train();
        norm.forward(ones(1, 4));
        Assert.IsTrue(norm.running_var!.isnan().all().item<bool>(),
            "nn.BatchNorm1d keeps its running variance now, whatever the batch: a single row left over need not join the batch before in Data/BatchSource.cs (BatchesOf).");
    }
}
