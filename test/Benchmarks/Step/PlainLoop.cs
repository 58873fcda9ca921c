using TorchSharp;
using static TorchSharp.torch;

namespace Step;

/// <summary>The loop that everybody writes with TorchSharp: a module, Adam, clipping by norm, rows in random order.</summary>
internal sealed class PlainLoop(Case @case) : IDisposable
{
    private readonly Tensor _features = randn(@case.Rows, @case.Inputs);
    private readonly Tensor _labels = randint(0, Case.Classes, @case.Rows, dtype: int64);
    private readonly nn.Module<Tensor, Tensor> _module = @case.Plain();
    private optim.Optimizer? _optimizer;

    public Cost Run(int threads)
    {
        set_num_threads(threads);
        _optimizer ??= optim.Adam(_module.parameters(), 1e-3);
        Steps(2);
        var start = Cost.Now();
        Steps(@case.Steps);
        return (Cost.Now() - start) / @case.Steps;
    }

    public void Dispose()
    {
        _optimizer?.Dispose();
        _module.Dispose();
        _features.Dispose();
        _labels.Dispose();
    }

    private void Steps(int count)
    {
        _module.train();
        for (var done = 0; done < count;)
        {
            using var order = randperm(@case.Rows, dtype: int64);
            for (var start = 0; start + @case.Batch <= @case.Rows && done < count; start += @case.Batch, done++)
            {
                using var scope = NewDisposeScope();
                var rows = order.narrow(0, start, @case.Batch);
                _optimizer!.zero_grad();
                var loss = nn.functional.cross_entropy(_module.call(_features.index_select(0, rows)), _labels.index_select(0, rows));
                loss.backward();
                nn.utils.clip_grad_norm_(_module.parameters(), 1);
                _optimizer.step();
                loss.item<float>();
            }
        }
    }
}
