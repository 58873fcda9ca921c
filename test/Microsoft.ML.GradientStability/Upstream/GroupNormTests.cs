using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>Defects of TorchSharp 0.107.0 that <see cref="GroupNormalization"/> works around.</summary>
[TestClass]
public sealed class GroupNormTests
{
    private const string WhatCanGo =
        "in Networks/Normalization/GroupNormalization.cs return nn.GroupNorm(Groups, units, Epsilon) and delete the class Groupwise as soon as neither test of this file passes; then this file.";

    /// <summary>γ and β are never filled, so that one of many modules shows what memory held before.</summary>
    [TestMethod]
    [DoNotParallelize]
    public void Nn_GroupNorm_starts_from_whatever_memory_held()
    {
        using var scope = NewDisposeScope();
        var wrong = 0;
        for (var i = 0; i < 100; i++)
        {
            full(8, 7.5f).Dispose();
            using var norm = nn.GroupNorm(2, 8);
            wrong += norm.weight!.eq(1).all().item<bool>() && norm.bias!.eq(0).all().item<bool>() ? 0 : 1;
        }
        Assert.IsGreaterThan(0, wrong, $"nn.GroupNorm starts from 1 and 0 now: {WhatCanGo}");
    }

    [TestMethod]
    public void Nn_GroupNorm_refuses_rows_of_units()
    {
        using var scope = NewDisposeScope();
        using var norm = nn.GroupNorm(2, 8);
        Assert.Throws<ArgumentException>(() => norm.forward(ones(3, 8)), $"nn.GroupNorm takes (batch × units) now: {WhatCanGo}");
    }
}
