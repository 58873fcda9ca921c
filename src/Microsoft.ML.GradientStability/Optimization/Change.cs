using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>Whether numbers were changed: known at once on the host, on a device when it is asked for, by one small copy whatever was done until then.</summary>
/// <param name="Known">What is known.</param>
/// <param name="Device">What a device knows, a Boolean tensor without dimensions; <see langword="null"/> for nothing.</param>
internal readonly record struct Change(bool Known, Tensor? Device = null)
{
    /// <summary>Whether one of both is.</summary>
    public static Change operator |(Change a, Change b) =>
        new(a.Known || b.Known, a.Device is null ? b.Device : b.Device is null ? a.Device : a.Device.logical_or(b.Device));

    public bool ToBoolean() => Known || Device is not null && Device.item<bool>();
}
