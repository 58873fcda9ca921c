using System.Numerics.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Squeezing rows through a narrow layer and restoring them: the loss is the mean over the features of (x̂ − x)², x the scaled
/// features. The narrow layer is the embedding.
/// </summary>
/// <param name="columns">What the columns are called.</param>
/// <param name="features">Features a row.</param>
internal sealed class AutoencoderObjective(AutoencoderColumns columns, int features) : Objective
{
    /// <summary>The variance of a standardized feature: what predicting its mean would leave.</summary>
    public override double LossOfGuessing => 1;

    /// <summary>
    /// What never moved is infinitely many of its standard deviations away when it does: the scaling holds that at its bound, for all to see
    /// in the reconstruction error. In the training rows it is 0.
    /// </summary>
    public override float ScaleOfConstants => float.MaxValue;

    public override ScoreColumns Columns => columns;

    public override IEnumerable<KeyValuePair<string, string>> Metadata => [KeyValuePair.Create("task", "autoencoder")];

    public override long LargestMatrix(Network network, int inputs) => network.LargestMatrix(inputs, columns.Size);

    public override NetworkModule CreateModule(Network network, int inputs, in Origin origin, InputCode? code = null) =>
        network.CreateAutoencoder(inputs, columns.Size, origin, code);

    public override Tensor Loss(NetworkModule module, in Batch batch)
    {
        var scaled = module.Scale(batch.Features);
        return Mean(Errors(NetworkModule.Apply(module.Parts, module.Encode(scaled)), scaled), batch.Weights);
    }

    public override WrittenLoss WriteOut() => new Restoring();

    public override Judgement Judge(NetworkModule module, in Batch batch) =>
        new(Mean(Errors(module.forward(batch.Features), module.Scale(batch.Features)), batch.Weights));

    public override IEnumerable<(string Output, Tensor Values)> Scores(NetworkModule module, Tensor rows, Tensor? told = null)
    {
        var (encoder, decoder) = Halves(module);
        var scaled = module.Scale(rows);
        var embedding = NetworkModule.Apply(encoder, module.Encode(scaled));
        return [(columns.Embedding, embedding), (columns.Error, Errors(NetworkModule.Apply(decoder, embedding), scaled))];
    }

    /// <summary>
    /// A mean of squares e² of differences between numbers of about 1: their rounding δ makes 2·e·δ of it, more than its own rounding where e is
    /// small. 0.1·e allows for δ = 5·10⁻⁶ at a tolerance of 10⁻⁴.
    /// </summary>
    public override double Spread(string output, double least, double greatest) =>
        output == columns.Error ? Math.Max(greatest, 0.1 * Math.Sqrt(greatest)) : base.Spread(output, least, greatest);

    public override void WriteOnnx(OnnxGraph graph, NetworkModule module, string input)
    {
        var (encoder, decoder) = Halves(module);
        var scaled = module.WriteScaling(graph, input);
        var embedding = NetworkModule.WriteOnnx(graph, encoder, module.WriteEncoding(graph, scaled));
        var finite = FiniteFeatures.WriteOnnx(graph, input, features);
        graph.AddOutput("Add", [embedding, finite], columns.Embedding, columns.Size);

        // The mean over the features as a product with a column of 1/width.
        var difference = graph.Add("Sub", [NetworkModule.WriteOnnx(graph, decoder, embedding), scaled], "error.difference");
        var squares = graph.Add("Mul", [difference, difference], "error.squares");
        using var share = full([features, 1], 1.0f / features, ScalarType.Float32, CPU);
        var error = graph.Add("MatMul", [squares, graph.Constant("error.share", share)], "error");
        graph.AddOutput("Add", [error, finite], columns.Error, 1);
    }

    /// <summary>The reconstruction error of each row (rows).</summary>
    private static Tensor Errors(Tensor restored, Tensor scaled) => (restored - scaled).square().mean([1]);

    private static (NetworkPart[] Encoder, NetworkPart[] Decoder) Halves(NetworkModule module) =>
        ([.. module.Parts.Take(module.Parts.Count / 2)], [.. module.Parts.Skip(module.Parts.Count / 2)]);

    /// <summary>∂l/∂x̂ = 2·(x̂ − x)/features.</summary>
    private sealed class Restoring : WrittenLoss
    {
        public override double Differentiate(Block outputs, Block inputs, in Batch batch, double factor)
        {
            var shares = Of(batch);
            var loss = 0.0;
            for (var row = 0; row < outputs.Rows; row++)
            {
                var error = outputs.RowValues(row);
                TensorPrimitives.Subtract(error, inputs.RowValues(row), error);
                loss += shares[row] * TensorPrimitives.SumOfSquares<float>(error) / error.Length;
                TensorPrimitives.Multiply(error, (float)(2 * factor * shares[row] / error.Length), error);
            }
            return loss;
        }
    }
}
