using Microsoft.ML.GradientStability;
using static TorchSharp.torch;

namespace Step;

/// <summary>An LSTM over sequences, and an output layer over its last step.</summary>
internal sealed record LstmCase(string Name, int Steps) : Case(Name, "lstm", 64, Steps)
{
    private const int Length = 50, Width = 16, Units = 64;

    public override int Features => Length * Width;

    public override int[] Numbers => [Length, Width, Units];

    public override Network Network => Network.Recurrent(RecurrentCell.Lstm(), Units) with { Input = InputShape.Sequence(Length, Width) };

    public override double MultiplyAdds => 4.0 * Batch * Length * Units * (2 * Width + 3 * Units) + 3 * Batch * Units * Classes;

    public override nn.Module<Tensor, Tensor> Plain() => new Module();

    private sealed class Module : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.LSTM _cells = nn.LSTM(Width, Units, batchFirst: true);
        private readonly TorchSharp.Modules.Linear _output = nn.Linear(Units, Classes);

        public Module() : base("sequence") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var (steps, _, _) = _cells.call(input.view(-1, Length, Width));
            return _output.call(steps.select(1, Length - 1));
        }
    }
}
