using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>The whole body of a request in one piece of rented memory.</summary>
internal struct RequestBody : IDisposable
{
    private const int FirstBytes = 4096;

    private byte[] _bytes;
    private int _count;

    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _count);

    /// <exception cref="RequestException">The body is too large, or no JSON by its type.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellation)
    {
        if (!request.HasJsonContentType())
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, "The body has to be JSON, with the header Content-Type: application/json.");
        if (request.ContentLength > maxBytes)
            throw TooLarge(maxBytes);
        var body = new RequestBody { _bytes = ArrayPool<byte>.Shared.Rent((int)(request.ContentLength ?? FirstBytes)) };
        try
        {
            while (true)
            {
                var read = await request.BodyReader.ReadAsync(cancellation);
                try
                {
                    body.Append(read, maxBytes);
                }
                finally
                {
                    // The server reads on from here, to the end of a body that is refused.
                    request.BodyReader.AdvanceTo(read.Buffer.End);
                }
                if (read.IsCompleted)
                    return body;
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private void Append(ReadResult read, int maxBytes)
    {
        var length = read.Buffer.Length + _count;
        if (length > maxBytes)
            throw TooLarge(maxBytes);
        if (length > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max((int)length, Math.Min(2 * _bytes.Length, maxBytes)));
            Bytes.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
        read.Buffer.CopyTo(_bytes.AsSpan(_count));
        _count = (int)length;
    }

    private static RequestException TooLarge(int maxBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, $"The body has more than {maxBytes:N0} bytes; send fewer rows at a time.");
}
