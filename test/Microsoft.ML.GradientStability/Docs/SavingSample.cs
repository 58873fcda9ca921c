namespace Microsoft.ML.GradientStability.Tests.Docs;

/// <summary>The code of docs/saving-and-onnx.md, between the marks to the letter; run by <see cref="PageTests"/>.</summary>
internal static class SavingSample
{
    public static void Run(MLContext mlContext, ITransformer model, IDataView test)
    {
        // <sample>
        var report = mlContext.Model.SaveAsOnnx(model, test, "model.onnx");
        Console.WriteLine(report);
        // </sample>
    }
}
