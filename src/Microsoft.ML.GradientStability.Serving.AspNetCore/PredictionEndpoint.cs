using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>Answers one request: reads its rows, has them scored with those of others, writes the predictions.</summary>
internal sealed class PredictionEndpoint(OnnxPredictor predictor, PredictionEndpointOptions options)
{
    private int _requests;

    public async Task Predict(HttpContext context)
    {
        try
        {
            if (Interlocked.Increment(ref _requests) > options.MaxConcurrentRequests)
                throw new RequestException(StatusCodes.Status429TooManyRequests, $"More than {options.MaxConcurrentRequests} requests at a time; try again later.");
            await Answer(context);
        }
        catch (RequestException problem)
        {
            if (problem.Status == StatusCodes.Status429TooManyRequests)
                context.Response.Headers.RetryAfter = "1";
            await problem.ToResult().ExecuteAsync(context);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The client is gone; no one is left to be told.
        }
        finally
        {
            Interlocked.Decrement(ref _requests);
        }
    }

    private async Task Answer(HttpContext context)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        time.CancelAfter(options.Timeout);
        var (predictions, isArray) = await Score(context, time.Token);
        AnswerBuffer.Write(context.Response, predictions, isArray);
    }

    private async ValueTask<(Predictions, bool IsArray)> Score(HttpContext context, CancellationToken cancellation)
    {
        RowBuffer rows;
        bool isArray;
        try
        {
            using var body = await RequestBody.ReadAsync(context.Request, options.MaxRequestBytes, cancellation);
            (rows, isArray) = Parse(body.Bytes);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new RequestException(StatusCodes.Status408RequestTimeout, $"The body did not come within {options.Timeout.TotalSeconds:G3} s.");
        }
        catch (BadHttpRequestException e)
        {
            // What Kestrel itself refuses while the body is read: its own limits, and a body that is cut.
            throw new RequestException(e.StatusCode, e.Message);
        }
        try
        {
            return (await predictor.PredictAsync(rows, cancellation), isArray);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new RequestException(StatusCodes.Status504GatewayTimeout, $"The prediction took more than {options.Timeout.TotalSeconds:G3} s.");
        }
        catch (PredictionQueueFullException e)
        {
            throw new RequestException(StatusCodes.Status429TooManyRequests, e.Message);
        }
        catch (PredictionException e)
        {
            throw new RequestException(StatusCodes.Status422UnprocessableEntity, e.Message, row: e.Row);
        }
    }

    private (RowBuffer, bool IsArray) Parse(ReadOnlySpan<byte> body)
    {
        RowBuffer? rows = null;
        try
        {
            var (count, isArray) = RowReader.Count(body, options.MaxRows);
            rows = predictor.Rent(count);
            RowReader.Fill(body, rows);
            return (rows, isArray);
        }
        catch (Exception e)
        {
            rows?.Dispose();
            throw e switch
            {
                JsonException => new RequestException(StatusCodes.Status400BadRequest, $"The body is no JSON of rows: {e.Message}"),
                ObjectDisposedException => new RequestException(StatusCodes.Status503ServiceUnavailable, "The program stops."),
                _ => e,
            };
        }
    }
}
