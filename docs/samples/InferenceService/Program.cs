// An ONNX file as a web service, with a page to try it on:
//   dotnet run --project docs/samples/InferenceService -- --model wine.onnx [--gpu 0] [--fallbackToCpu true] [--urls http://localhost:5000]
using InferenceService;

Service.Build(args).Run();
