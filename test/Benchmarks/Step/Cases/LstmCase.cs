using Microsoft.ML.GradientStability;
using static TorchSharp.torch;

namespace Step;

/// <summary>An LSTM over sequences, and an output layer over its last step.</summary>
/// <param name="Length">Steps of a sequence.</param>
/// <param name="Units">Of the LSTM.</param>
internal sealed record LstmCase(string Name, int Length, int Units, int Steps) : Case(Name, "lstm", 64, Steps)
{
    private const int Width = 16;

    public override int Features => Length * Width;

    public override int[] Numbers => [Length, Width, Units];

    public override Network Network => Network.Recurrent(RecurrentCell.Lstm(), Units) with { Input = InputShape.Sequence(Length, Width) };

    public override double MultiplyAdds => 4.0 * Batch * Length * Units * (2 * Width + 3 * Units) + 3 * Batch * Units * Classes;

    public override nn.Module<Tensor, Tensor> Plain() => new Module(Length, Units);

    private sealed class Module : nn.Module<Tensor, Tensor>
    {
        private readonly int _length;
        private readonly TorchSharp.Modules.LSTM _cells;
        private readonly TorchSharp.Modules.Linear _output;

        public Module(int length, int units) : base("sequence")
        {
            (_length, _cells, _output) = (length, nn.LSTM(Width, units, batchFirst: true), nn.Linear(units, Classes));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var (steps, _, _) = _cells.call(input.view(-1, _length, Width));
            return _output.call(steps.select(1, _length - 1));
        }
    }
}
