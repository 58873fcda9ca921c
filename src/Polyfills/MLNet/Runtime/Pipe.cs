namespace Microsoft.ML.Runtime;

/// <summary>A named stream of messages. Only <see cref="ChannelMessage"/> has a listener: <see cref="MLContext.Log"/>.</summary>
internal class Pipe<TMessage>(HostEnvironment parent, string name) : IPipe<TMessage>
{
    private readonly string _fullName = parent.FullName is { } full ? $"{full}; {name}" : name;
    private bool _disposed;

    public string ContextDescription => _fullName;

    public void Send(TMessage msg)
    {
        if (msg is ChannelMessage message)
            parent.Dispatch(_fullName, message);
    }

    public TException Process<TException>(TException ex) where TException : Exception
    {
        parent.Process(ex);
        ex.Data["Phase"] = name;
        return ex;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        Finish();
        _disposed = true;
    }

    private protected virtual void Finish()
    {
    }
}
