using Tensorboard;
using TorchSharp;
using TorchSharp.Modules;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>Defects of TorchSharp 0.107.0's writer for TensorBoard, for which <see cref="EventFile"/> writes records itself.</summary>
[TestClass]
public sealed class SummaryWriterTests
{
    private const string WhatCanGo = "SummaryWriter has this right now: where all tests of this file fail, Reporting/Destinations/EventFile.cs can use it.";

    [TestMethod]
    public void The_first_record_has_no_time_of_this_age()
    {
        var folder = Directory.CreateTempSubdirectory("tensorboard-").FullName;
        torch.utils.tensorboard.SummaryWriter(folder, createRunName: false).add_scalar("loss", 1, 1);
        var bytes = File.ReadAllBytes(Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Single());
        var first = Event.Parser.ParseFrom(bytes, 12, (int)BitConverter.ToUInt64(bytes));
        Assert.IsGreaterThan(1e12, first.WallTime, WhatCanGo);
        Directory.Delete(folder, recursive: true);
    }

    [TestMethod]
    public void It_cannot_be_flushed_or_closed() =>
        Assert.IsFalse(typeof(IDisposable).IsAssignableFrom(typeof(SummaryWriter)) || typeof(SummaryWriter).GetMethod("flush") is not null, WhatCanGo);
}
