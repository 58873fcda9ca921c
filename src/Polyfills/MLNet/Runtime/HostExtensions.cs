namespace Microsoft.ML.Runtime;

internal static class HostExtensions
{
    public static void Trace(this IChannel channel, string message) => channel.Trace(MessageSensitivity.None, message);

    public static void Info(this IChannel channel, string message) => channel.Info(MessageSensitivity.None, message);

    public static void Warning(this IChannel channel, string message) => channel.Warning(MessageSensitivity.None, message);
}
