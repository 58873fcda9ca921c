using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The gradient of a first layer's weights in one step: of the slots that were met alone, in the order in which they were. They grow
/// from the end of their room towards its beginning, so that they and what lies behind the room are one span.
/// </summary>
/// <param name="room">Room for all slots, of which only as much is touched as is needed.</param>
/// <param name="slots">Slots of a row.</param>
/// <param name="units">Weights a slot.</param>
internal sealed class SlotGradient(Tensor room, int slots, int units)
{
    private readonly int[] _places = new int[slots];
    private readonly List<int> _met = [];

    /// <summary>The slots that were met; the gradient of the last one comes first.</summary>
    public IReadOnlyList<int> Met => _met;

    /// <summary>Where the gradient begins in its room, in numbers.</summary>
    public int Start => (slots - _met.Count) * units;

    /// <summary>The room, in place.</summary>
    public Span<float> Room => MemoryMarshal.Cast<byte, float>(room.bytes);

    /// <summary>The gradient of one slot (units) in the room; zeros where it is met for the first time.</summary>
    public Span<float> Of(int slot, Span<float> room)
    {
        var isNew = _places[slot] == 0;
        if (isNew)
        {
            _met.Add(slot);
            _places[slot] = _met.Count;
        }
        var gradient = room.Slice((slots - _places[slot]) * units, units);
        if (isNew)
            gradient.Clear();
        return gradient;
    }

    /// <summary>Forgets all slots.</summary>
    public void Clear()
    {
        foreach (var slot in _met)
            _places[slot] = 0;
        _met.Clear();
    }
}
