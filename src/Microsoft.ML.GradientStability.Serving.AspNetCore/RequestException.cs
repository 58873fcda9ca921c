using Microsoft.AspNetCore.Http;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>A request that cannot be served, as the client is told of it.</summary>
internal sealed class RequestException(int status, string detail, string? field = null, int? row = null) : Exception(detail)
{
    public int Status => status;

    /// <summary>The problem details of the answer (RFC 9457), with the row, from 0, and the field where one is to blame.</summary>
    public IResult ToResult()
    {
        var extensions = new Dictionary<string, object?>();
        if (row is not null)
            extensions["row"] = row;
        if (field is not null)
            extensions["field"] = field;
        return TypedResults.Problem(Message, statusCode: status, extensions: extensions);
    }
}
