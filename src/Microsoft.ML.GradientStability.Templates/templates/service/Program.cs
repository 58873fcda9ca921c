// Scores an ONNX file over HTTP:
//   dotnet run -- --model model.onnx [--urls http://localhost:5000]
// POST /predict takes a row or an array of rows, GET /predict says what a row has; /health/ready, /openapi/v1.json.
using Microsoft.ML.GradientStability.Serving;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddOnnxPredictor(builder.Configuration["model"] ?? "model.onnx");
builder.Services.AddOpenApi();

var app = builder.Build();
app.MapPredictions("/predict");
app.MapPredictionHealth();
app.MapOpenApi();
app.Run();
