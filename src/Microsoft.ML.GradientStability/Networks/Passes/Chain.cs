namespace Microsoft.ML.GradientStability;

/// <summary>Passes one after the other; at least one.</summary>
internal sealed class Chain : Pass
{
    private readonly Pass[] _passes;

    private Chain(Pass[] passes) => _passes = passes;

    /// <summary>Of modules in order, where all of them are written out; those that are not there are left out.</summary>
    public static Pass? Of(params IEnumerable<object?> modules)
    {
        Pass?[] passes = [.. modules.Where(module => module is not null).Select(module => module as Pass ?? (module as IWrittenOut)?.WriteOut())];
        return passes.Contains(null) ? null : passes.Length == 1 ? passes[0] : new Chain(passes!);
    }

    public override Block Forward(Block input, bool training)
    {
        foreach (var pass in _passes)
            input = pass.Forward(input, training);
        return input;
    }

    public override Block Backward(Block gradient, bool toInput = true)
    {
        for (var i = _passes.Length - 1; i >= 0; i--)
            gradient = _passes[i].Backward(gradient, toInput || i > 0);
        return gradient;
    }
}
