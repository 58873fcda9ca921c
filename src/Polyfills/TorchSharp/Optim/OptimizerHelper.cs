using System.Runtime.CompilerServices;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// What the managed optimizers share: groups with options of their own, and a state a parameter.
public abstract class OptimizerHelper : optim.Optimizer
{
    private readonly Dictionary<Parameter, OptimizerState> _states = new(ReferenceEqualityComparer.Instance);

    protected OptimizerOptions? _defaults;

    public OptimizerHelper() : base(0) { }

    internal static void RefuseNegative(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < 0) throw new ArgumentException($"{name} must not be negative: {value}");
    }

    private OptimizerState StateOf(Parameter parameter) => _states[parameter];

    internal void Step(ParamGroup group)
    {
        foreach (var parameter in group.Parameters) StateOf(parameter).Step(group.Options!);
    }

    internal void Keep(OptimizerState state, OptimizerOptions options)
    {
        _states[state.Parameter] = state;
        state.Initialize(options);
    }

    protected Tensor? _step<T>(Action<T> body, Func<Tensor>? loss_closure = null) where T : ParamGroup
    {
        Tensor? loss = null;
        if (loss_closure is not null)
            using (enable_grad())
                loss = loss_closure();
        using (no_grad())
        using (NewDisposeScope())
            foreach (var group in _parameter_groups)
                body((T)group);
        return loss;
    }

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    /// The optimizer's name, the numbers of groups and of states, then the options of each group and each state.
    public void save_state_dict(BinaryWriter writer)
    {
        var states = parameters().Select(StateOf).ToList();
        writer.Write(GetType().Name);
        writer.Encode(_parameter_groups.Count);
        writer.Encode(states.Count);
        foreach (var group in _parameter_groups) group.Options!.SaveStateDict(writer);
        foreach (var state in states) state.SaveStateDict(writer);
    }

    public void load_state_dict(BinaryReader reader)
    {
        var name = reader.ReadString();
        if (name != GetType().Name)
            throw new InvalidDataException($"The state is that of {name}, not of {GetType().Name}.");
        var states = parameters().Select(StateOf).ToList();
        if (reader.Decode() != _parameter_groups.Count) throw new ArgumentException("The state has another number of parameter groups.");
        if (reader.Decode() != states.Count) throw new ArgumentException("The state has another number of parameters.");
        foreach (var group in _parameter_groups) group.Options!.LoadStateDict(reader);
        foreach (var state in states) state.LoadStateDict(reader);
    }

    internal void DisposeStates()
    {
        foreach (var state in _states.Values) (state as IDisposable)?.Dispose();
        _states.Clear();
    }
}
