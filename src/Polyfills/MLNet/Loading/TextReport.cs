using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Tells the log what of a file could not be read.</summary>
internal sealed class TextReport(IHost host) : IDisposable
{
    private const int MaxShown = 10;

    private readonly IChannel _channel = host.Start("ParseStats");
    private long _rows;
    private long _badValues;
    private long _badFormats;

    public void Row() => _rows++;

    public void BadValue(long line, string column, int? slot = null)
    {
        if (++_badValues > MaxShown)
            return;
        if (slot is { } index)
            _channel.Info(MessageSensitivity.Schema, "  Bad value at line {0} in column {1} at slot {2}", line, column, index);
        else
            _channel.Info(MessageSensitivity.Schema, "  Bad value at line {0} in column {1}", line, column);
        if (_badValues == MaxShown)
            _channel.Info("  Suppressing further bad value messages");
    }

    public void BadFormat(string? path, long line)
    {
        if (++_badFormats > MaxShown)
            return;
        _channel.Warning(MessageSensitivity.None, "Format error at {0}({1}): Illegal quoting", path ?? "", line);
        if (_badFormats == MaxShown)
            _channel.Warning("Suppressing further format error messages");
    }

    public void Dispose()
    {
        if (_badValues > 0 || _badFormats > 0)
        {
            _channel.Info(MessageSensitivity.None, "Processed {0} rows with {1} bad values and {2} format errors",
                _rows, _badValues, _badFormats);
            (_badValues, _badFormats) = (0, 0);
        }
        _channel.Dispose();
    }
}
