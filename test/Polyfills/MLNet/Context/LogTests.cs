using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace GradientStability.Polyfills.MLNet.Tests.Context;

[TestClass]
public sealed class LogTests
{
    [TestMethod]
    public void A_channel_reports_its_life_and_its_messages()
    {
        var log = new List<LoggingEventArgs>();
        var context = new MLContext();
        context.Log += (_, e) => log.Add(e);

        var host = ((IHostEnvironment)context).Register("Trainer");
        using (var channel = host.Start("Training"))
        {
            channel.Info(MessageSensitivity.None, "epoch {0}", 3);
            channel.Warning(MessageSensitivity.None, "100 % {careful}");
        }

        CollectionAssert.AreEqual(
            new[] { ChannelMessageKind.Trace, ChannelMessageKind.Info, ChannelMessageKind.Warning, ChannelMessageKind.Trace, ChannelMessageKind.Trace },
            log.Select(e => e.Kind).ToArray());
        CollectionAssert.AreEqual(new[] { "Channel started", "epoch 3", "100 % {careful}" }, log.Take(3).Select(e => e.RawMessage).ToArray());
        StringAssert.StartsWith(log[3].RawMessage, "Channel finished. Elapsed ");
        Assert.AreEqual("Channel disposed", log[4].RawMessage);
        Assert.IsTrue(log.All(e => e.Source == "Trainer; Training"));
        Assert.AreEqual("[Source=Trainer; Training, Kind=Info] epoch 3", log[1].Message);
    }

    [TestMethod]
    public void A_channel_of_the_context_itself_is_named_alone()
    {
        var sources = new HashSet<string?>();
        var context = new MLContext();
        context.Log += (_, e) => sources.Add(e.Source);

        using (((IHostEnvironment)context).Start("Loading"))
        {
        }

        CollectionAssert.AreEqual(new[] { "Loading" }, sources.ToArray());
    }

    [TestMethod]
    public void Messages_of_other_types_do_not_reach_the_log()
    {
        var context = new MLContext();
        var count = 0;
        context.Log += (_, _) => count++;

        using (var pipe = ((IHostEnvironment)context).StartPipe<string>("Texts"))
            pipe.Send("text");

        Assert.AreEqual(0, count);
    }

    [TestMethod]
    public void Progress_is_checked_but_never_logged()
    {
        var context = new MLContext();
        var count = 0;
        context.Log += (_, _) => count++;

        var progress = ((IHostEnvironment)context).StartProgressChannel("Training");
        progress.SetHeader(new ProgressHeader(["loss"], ["epochs"]), entry => entry.SetProgress(0, 1, 10));
        progress.Checkpoint(0.5, 1);
        progress.Checkpoint(0.5, 1, 10);
        Assert.ThrowsExactly<InvalidOperationException>(() => progress.Checkpoint(0.5, 1, 10, 11));
        using (var inner = progress.StartProgressChannel("Inner"))
            inner.Checkpoint(1, 2, 3, 4, 5);
        progress.Dispose();

        Assert.ThrowsExactly<InvalidOperationException>(() => progress.Checkpoint(0.5));
        Assert.AreEqual(0, count);
    }
}
