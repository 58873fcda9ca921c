using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability.Tests.Reporting;

/// <summary>A host environment that writes down, in order, everything that a trainer says on its channels.</summary>
internal sealed class RecordingHost(MLContext context, List<string> events) : IHost
{
    public Random Rand { get; } = new(1);

    public ComponentCatalog ComponentCatalog => ((IHostEnvironment)context).ComponentCatalog;

    public string ContextDescription => "recording";

    public IHost Register(string name, int? seed = null, bool? verbose = null) => this;

    public IChannel Start(string name) => new Channel(events);

    public IPipe<TMessage> StartPipe<TMessage>(string name) => throw new NotSupportedException();

    public IProgressChannel StartProgressChannel(string name) => new ProgressChannel(events);

    public TException Process<TException>(TException ex) where TException : Exception => ex;

    private sealed class Channel(List<string> events) : IChannel
    {
        public string ContextDescription => "channel";

        public void Trace(MessageSensitivity sensitivity, string fmt) => events.Add("trace");
        public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) => events.Add("trace");
        public void Info(MessageSensitivity sensitivity, string fmt) => events.Add($"info {fmt}");
        public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) => events.Add($"info {string.Format(fmt, args)}");
        public void Warning(MessageSensitivity sensitivity, string fmt) => events.Add($"warning {fmt}");
        public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) => events.Add($"warning {string.Format(fmt, args)}");
        public void Error(MessageSensitivity sensitivity, string fmt) => events.Add("error");
        public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) => events.Add("error");
        public void Send(ChannelMessage msg) => events.Add("message");
        public TException Process<TException>(TException ex) where TException : Exception => ex;
        public void Dispose() => events.Add("channel closed");
    }

    private sealed class ProgressChannel(List<string> events) : IProgressChannel
    {
        public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction) =>
            events.Add($"header {string.Join('|', header.MetricNames)} / {string.Join('|', header.UnitNames)}");

        public void Checkpoint(params double?[] values) => events.Add($"checkpoint of {values.Length}, epoch {values[^1]}");

        public IProgressChannel StartProgressChannel(string name) => this;

        public void Dispose() => events.Add("progress closed");
    }
}
