using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>
/// A thread's room to write an answer before it is sent. So its length is known, and it leaves in one message with its head: in parts of unknown
/// length, with an end of their own, it takes two.
/// </summary>
internal sealed class AnswerBuffer
{
    /// <summary>Bytes that a thread keeps; what is more is garbage.</summary>
    private const int MaxKept = 1 << 16;

    [ThreadStatic]
    private static AnswerBuffer? s_own;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Utf8JsonWriter _writer;

    private AnswerBuffer() => _writer = new Utf8JsonWriter(_bytes);

    /// <summary>Writes the predictions as the body of a response, which the server sends when the request ends.</summary>
    public static void Write(HttpResponse response, Predictions predictions, bool isArray)
    {
        var own = s_own ??= new();
        PredictionWriter.Write(own._writer, predictions, isArray);
        own._writer.Flush();
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = own._bytes.WrittenCount;
        response.BodyWriter.Write(own._bytes.WrittenSpan);
        own._writer.Reset();
        own._bytes.ResetWrittenCount();
        if (own._bytes.Capacity > MaxKept)
            s_own = null;
    }
}
