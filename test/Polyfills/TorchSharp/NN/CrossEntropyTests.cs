using System.Runtime.InteropServices;

namespace GradientStability.Polyfills.TorchSharp.Tests.NN;

[TestClass]
public sealed class CrossEntropyTests : TorchTests
{
    private static Tensor Logits => tensor(new float[] { 0, 0, 0, (float)Math.Log(2) }, 2, 2);
    private static Tensor Classes => tensor(new List<long> { 0, 1 });
    private static readonly double First = Math.Log(2), Second = Math.Log(1.5);

    [TestMethod]
    public void Cross_entropy_is_the_negative_logarithm_of_the_right_classs_probability()
    {
        AreNear((First + Second) / 2, functional.cross_entropy(Logits, Classes));
        AreNear([First, Second], functional.cross_entropy(Logits, Classes, reduction: Reduction.None));
        AreNear(First + Second, functional.cross_entropy(Logits, Classes, reduction: Reduction.Sum));
        AreNear((First + Second) / 2, CrossEntropyLoss().forward(Logits, Classes));
        AreNear((First + Second) / 2, functional.nll_loss(Logits.log_softmax(1), Classes));
    }

    [TestMethod]
    public void Weights_ignored_classes_and_smoothing_count()
    {
        AreNear((First + 3 * Second) / 4, functional.cross_entropy(Logits, Classes, tensor(new float[] { 1, 3 })));
        AreNear(Second, functional.cross_entropy(Logits, Classes, ignore_index: 0));
        AreNear(Second, CrossEntropyLoss(ignore_index: 0).forward(Logits, Classes));
        var expected = (First + (0.95 * Math.Log(1.5) + 0.05 * Math.Log(3))) / 2;
        AreNear(expected, functional.cross_entropy(Logits, Classes, label_smoothing: 0.1));
    }

    [TestMethod]
    public void Its_gradient_is_probability_minus_target()
    {
        var logits = Logits.requires_grad_();
        functional.cross_entropy(logits, Classes, reduction: Reduction.Sum).backward();
        AreNear([-0.5, 0.5, 1 / 3.0, -1 / 3.0], logits.grad!);
    }

    [TestMethod]
    public void A_class_out_of_range_is_an_external_exception()
    {
        var error = Assert.ThrowsExactly<ExternalException>(() => functional.cross_entropy(Logits, tensor(new List<long> { 0, 2 })));
        StringAssert.Contains(error.Message, "out of bounds");
    }

    [TestMethod]
    public void Mean_squared_error_is_what_it_says() =>
        AreNear(2.5, functional.mse_loss(tensor(new float[] { 1, 2 }), tensor(new float[] { 0, 4 })));
}
