using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// ML.NET 5.0.1 writes a network that it loads to a file with a random ending of three letters, and ONNX Runtime takes a file that ends in
/// <c>.ort</c> for a model of another form: one load in 32,768 fails. The next has another name (Upstream/RandomEndingTests tells when that is over).
/// </summary>
internal static class RandomEnding
{
    /// <summary>What <paramref name="load"/> gives, called a second time where the name of the file was to blame.</summary>
    /// <param name="load">Starts at the beginning of what it reads.</param>
    public static T Retry<T>(Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception e) when (IsToBlame(e))
        {
            return load();
        }
    }

    private static bool IsToBlame(Exception? error) =>
        error is OnnxRuntimeException && error.Message.Contains("ORT model verification failed", StringComparison.Ordinal) || error is not null && IsToBlame(error.InnerException);
}
