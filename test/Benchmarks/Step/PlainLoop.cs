using TorchSharp;
using static TorchSharp.torch;

namespace Step;

/// <summary>
/// The loop that everybody writes with TorchSharp: modules in a sequence, Adam, clipping by norm, rows in random order. Rows of the default network
/// come encoded, which the product does in the step.
/// </summary>
internal sealed class PlainLoop : IDisposable
{
    private readonly Case _case;
    private readonly nn.Module<Tensor, Tensor> _module;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _features;
    private readonly Tensor _labels;

    public PlainLoop(Case @case)
    {
        _case = @case;
        var layers = new List<(string, nn.Module<Tensor, Tensor>)>();
        for (var l = 0; l < @case.Depth; l++)
        {
            layers.Add(($"linear{l}", nn.Linear(l == 0 ? @case.Inputs : @case.Units, @case.Units, hasBias: !@case.IsDefault)));
            if (@case.IsDefault)
                layers.Add(($"norm{l}", nn.BatchNorm1d(@case.Units)));
            layers.Add(($"relu{l}", nn.ReLU()));
            if (@case.IsDefault)
                layers.Add(($"dropout{l}", nn.Dropout(Case.Dropout)));
        }
        layers.Add(("output", nn.Linear(@case.Units, Case.Classes)));
        _module = nn.Sequential(layers);
        _optimizer = optim.Adam(_module.parameters(), 1e-3);
        (_features, _labels) = (randn(@case.Rows, @case.Inputs), randint(0, Case.Classes, @case.Rows, dtype: int64));
    }

    public Cost Run(int threads)
    {
        set_num_threads(threads);
        Steps(2);
        var start = Cost.Now();
        Steps(_case.Steps);
        return (Cost.Now() - start) / _case.Steps;
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _module.Dispose();
        _features.Dispose();
        _labels.Dispose();
    }

    private void Steps(int count)
    {
        _module.train();
        for (var done = 0; done < count;)
        {
            using var order = randperm(_case.Rows, dtype: int64);
            for (var start = 0; start + _case.Batch <= _case.Rows && done < count; start += _case.Batch, done++)
            {
                using var scope = NewDisposeScope();
                var rows = order.narrow(0, start, _case.Batch);
                _optimizer.zero_grad();
                var loss = nn.functional.cross_entropy(_module.forward(_features.index_select(0, rows)), _labels.index_select(0, rows));
                loss.backward();
                nn.utils.clip_grad_norm_(_module.parameters(), 1);
                _optimizer.step();
                loss.item<float>();
            }
        }
    }
}
