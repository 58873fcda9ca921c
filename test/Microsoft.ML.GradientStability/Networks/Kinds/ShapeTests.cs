using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

[TestClass]
public sealed class ShapeTests
{
    /// <summary>Mean and deviation of a channel are those of all of its numbers, at whatever place.</summary>
    [TestMethod]
    public void All_positions_of_a_channel_are_scaled_alike()
    {
        var random = new Random(1);
        var rows = new RowStatistics(6);
        var values = new List<float[]>();
        for (var row = 0; row < 50; row++)
        {
            values.Add([.. Enumerable.Range(0, 6).Select(slot => (float)((slot < 3 ? 5 : -100) + (1 + slot) * random.NextDouble()))]);
            rows.Add(values[^1].AsSpan(), 0, targetsAreClasses: false);
        }
        var (mean, scale, offset) = ChannelScaling.Of(rows, InputShape.Signal(2, 3));
        for (var channel = 0; channel < 2; channel++)
        {
            var scaled = values.SelectMany(row => Enumerable.Range(3 * channel, 3).Select(slot => (double)((row[slot] - mean[slot]) * scale[slot] + offset[slot]))).ToArray();
            Assert.AreEqual(0, scaled.Average(), 1e-5);
            Assert.AreEqual(1, scaled.Average(x => x * x), 1e-4);
            Assert.HasCount(1, Enumerable.Range(3 * channel, 3).Select(slot => (mean[slot], scale[slot])).Distinct().ToArray());
        }
        Assert.IsNull(ChannelScaling.Of(rows, Network.Recurrent() with { Input = InputShape.Tokens(6, 9) }, 0, width: 6), "tokens are numbers by name alone");
    }

    [TestMethod]
    public void Numbers_of_a_row_belong_to_channels_as_they_lie()
    {
        Assert.AreEqual(1, InputShape.Image(2, 2, 3).ChannelOf(6));
        Assert.AreEqual(0, InputShape.Sequence(4, 3).ChannelOf(6));
        Assert.AreEqual(2, InputShape.Sequence(4, 3).ChannelOf(5));
        Assert.AreEqual(4, InputShape.Tokens(4, 9).Size);
    }

    /// <summary>Outside of the middle 0, and there a random isometry times the gain.</summary>
    [TestMethod]
    public void Delta_orthogonal_is_an_isometry_at_the_middle_of_the_kernel()
    {
        using var map = new ConvolutionMap("convolution", 4, 6, new(Dimensions: 2, Kernel: 3), hasBias: false);
        Initializer.DeltaOrthogonal.Initialize(map, new LayerRole(Activation.Relu), Create.Origin(Initializer.DeltaOrthogonal));
        using var scope = NewDisposeScope();
        var taps = map.Weight.detach().view(6, 4, 9);
        var middle = taps.select(2, 4);
        Assert.AreEqual(taps.square().sum().item<float>(), middle.square().sum().item<float>(), 1e-6);
        Assert.AreEqual(0, (middle.t().mm(middle) - 2 * eye(4)).abs().max().item<float>(), 1e-5);
    }

    /// <summary>Every channel of a depthwise convolution is one of its own: its kernel has the length of the gain.</summary>
    [TestMethod]
    public void Groups_of_a_convolution_are_initialized_each_by_itself()
    {
        using var map = new ConvolutionMap("convolution", 5, 5, new(Dimensions: 1, Kernel: 3, Groups: 5), hasBias: false);
        Initializer.Orthogonal.Initialize(map, new LayerRole(Activation.Tanh), Create.Origin(Initializer.Orthogonal));
        using var scope = NewDisposeScope();
        Assert.IsTrue(map.Weight.detach().norm(1).sub(1).abs().max().item<float>() < 1e-5);
    }

    [TestMethod]
    [DataRow("stem, convolution (1→8, 3×3)", 0)]
    [DataRow("block 1, convolution 2 (8→8, 3×3)", 2)]
    [DataRow("block 2, convolution 1 (8→16, 3×3, stride 2)", 3)]
    public void Convolutions_are_named_by_block_and_place(string title, int layer)
    {
        using var module = (Network.Convolutional(8, 16) with { Input = InputShape.Image(1, 8, 8), Residual = Residual.Identity with { BranchLayers = 2 } }).CreateModule(64, 3, Initializer.HeUniform);
        Assert.AreEqual(title, module.Layers[layer].Title);
    }

    [TestMethod]
    public void Gates_are_named_by_layer_and_way()
    {
        using var module = Network.Recurrent(RecurrentCell.Lstm(), 8, layers: 2, bidirectional: true).CreateModule(5, 3, Initializer.HeUniform);
        CollectionAssert.IsSubsetOf(new[] { "LSTM 1, forget gate (1→8)", "LSTM 2, backward, output gate (16→8)" }, module.Layers.Select(layer => layer.Title).ToArray());
        var forget = module.Layers.Single(layer => layer.Title == "LSTM 1, forget gate (1→8)").named_parameters().Single(p => p.name == "bias").parameter;
        Assert.IsTrue(forget.data<float>().ToArray().All(bias => bias == 1), "the forget gate starts open");
    }
}
