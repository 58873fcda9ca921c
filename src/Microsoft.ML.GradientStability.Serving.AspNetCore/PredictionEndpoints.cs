using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>The endpoints of a service that predicts.</summary>
public static class PredictionEndpoints
{
    /// <summary>
    /// Maps POST to predictions of one row or many, by the predictor that was added with <see cref="OnnxPredictorServices.AddOnnxPredictor"/>, and GET to what
    /// its model takes and gives. Both are in the OpenAPI document of a program that has one (<c>AddOpenApi</c>, <c>MapOpenApi</c>).
    /// </summary>
    public static IEndpointConventionBuilder MapPredictions(this IEndpointRouteBuilder endpoints, string pattern, PredictionEndpointOptions? options = null)
    {
        options ??= new();
        var predictor = endpoints.ServiceProvider.GetRequiredService<OnnxPredictor>();
        var endpoint = new PredictionEndpoint(predictor, options);
        var group = endpoints.MapGroup(pattern).WithTags("Predictions");
        RequestDelegate predict = endpoint.Predict;
        group.MapPost("", predict)
            .WithName("Predict")
            // By its method an endpoint is known to OpenAPI; a bare delegate, the fastest kind, has none by itself.
            .WithMetadata(predict.Method)
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                PredictionOpenApi.Describe(operation, predictor.Schema, options.MaxRows);
                return Task.CompletedTask;
            });
        group.MapGet("", () => ModelDescription.Of(predictor, options.MaxRows))
            .WithName("DescribeModel")
            .WithSummary("What the model in service takes and gives.");
        return group;
    }

    /// <summary>
    /// Maps <c>live</c> and <c>ready</c> below a path: the first says that the program runs, the second whether requests should be sent to it, which is no longer so
    /// from the moment when it is told to stop. 200 means yes, 503 no.
    /// </summary>
    public static void MapPredictionHealth(this IEndpointRouteBuilder endpoints, string path = "/health")
    {
        var group = endpoints.MapGroup(path);
        group.MapHealthChecks("/live", new HealthCheckOptions { Predicate = _ => false });
        group.MapHealthChecks("/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(OnnxPredictorHealthCheck.Tag) });
    }
}
