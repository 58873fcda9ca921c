namespace TorchSharp;

/// What a factory is asked for: element type, device, and whether a gradient is wanted.
internal readonly struct Options
{
    private readonly sbyte _type;
    private readonly sbyte _device;
    private readonly short _index;
    private readonly int _requiresGrad;

    public Options(torch.ScalarType? type, torch.Device? device, bool requiresGrad = false)
    {
        device = torch.InitializeDevice(device);
        _type = type is { } given ? (sbyte)given : (sbyte)-1;
        _device = (sbyte)device.type;
        _index = (short)device.index;
        _requiresGrad = requiresGrad ? 1 : 0;
    }
}
