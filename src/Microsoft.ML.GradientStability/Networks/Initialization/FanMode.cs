using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>Which of its two counts a weight's variance is divided by (PyTorch's <c>mode</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FanMode>))]
public enum FanMode
{
    /// <summary>The inputs of a unit: the signal keeps its scale on its way forward.</summary>
    FanIn,

    /// <summary>The units that an input goes to: the gradient keeps its scale on its way back.</summary>
    FanOut,
}
