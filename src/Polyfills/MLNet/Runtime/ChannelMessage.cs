namespace Microsoft.ML.Runtime;

public readonly struct ChannelMessage
{
    private readonly string _text;
    private readonly object[]? _args;

    public readonly ChannelMessageKind Kind;
    public readonly MessageSensitivity Sensitivity;

    internal ChannelMessage(ChannelMessageKind kind, MessageSensitivity sensitivity, string text, object[]? args = null)
    {
        Contracts.CheckNonEmpty(text, nameof(text));
        if (args is not null)
            Contracts.CheckNonEmpty<object>(args, nameof(args));
        (Kind, Sensitivity, _text, _args) = (kind, sensitivity, text, args);
    }

    public string Message => _args is null ? _text : string.Format(_text, _args);
}
