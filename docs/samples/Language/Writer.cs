using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Language;

/// <summary>Goes on with a text, character by character, each drawn from what a model expects behind those before it.</summary>
internal sealed class Writer(MLContext ml, ITransformer model, IReadOnlyList<string> alphabet) : IDisposable
{
    private readonly PredictionEngine<Window, Next> _engine = ml.Model.CreatePredictionEngine<Window, Next>(model);

    /// <param name="beginning">What is gone on with.</param>
    /// <param name="length">Characters to write.</param>
    /// <param name="temperature">T of p^(1/T), by which characters are drawn: towards the likeliest below 1, towards all alike above.</param>
    /// <param name="random">What draws.</param>
    public string GoOn(string beginning, int length, double temperature, Random random)
    {
        var text = new StringBuilder(beginning);
        for (var i = 0; i < length; i++)
        {
            var probabilities = _engine.Predict(Window.Behind(text.ToString())).Score;
            text.Append(alphabet[Draw([.. probabilities.Select(probability => Math.Pow(probability, 1 / temperature))], random)]);
        }
        return text.ToString();
    }

    public void Dispose() => _engine.Dispose();

    private static int Draw(double[] weights, Random random)
    {
        var rest = random.NextDouble() * weights.Sum();
        var drawn = 0;
        while (drawn < weights.Length - 1 && (rest -= weights[drawn]) >= 0)
            drawn++;
        return drawn;
    }

    private sealed class Next
    {
        [VectorType]
        public float[] Score { get; set; } = [];
    }
}
