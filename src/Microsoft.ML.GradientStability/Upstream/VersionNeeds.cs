using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The symbol versions that a 64-bit little-endian ELF library needs of others: its section of type <c>SHT_GNU_verneed</c>, a chain of
/// entries a library with a chain of versions each (Linux Standard Base, "Symbol Versioning").
/// </summary>
internal static class VersionNeeds
{
    private const uint VersionNeedSection = 0x6ffffffe;
    private const ushort Weak = 2;

    /// <summary>
    /// Marks a version that a library needs as weak (<c>VER_FLG_WEAK</c>): the loader then takes the library also where nothing has the
    /// version, which is right as long as no symbol of that version is used.
    /// </summary>
    /// <returns>Whether the library needs that version.</returns>
    public static bool MarkWeak(Span<byte> library, string version)
    {
        if (library.Length < 64 || !library.StartsWith("\u007fELF"u8) || library[4] != 2 || library[5] != 1)
            return false;
        var (sections, size, count) = (UInt64(library, 40), UInt16(library, 58), UInt16(library, 60));
        for (var i = 0; i < count; i++)
        {
            var section = sections + i * size;
            if (UInt32(library, section + 4) != VersionNeedSection)
                continue;
            var names = UInt64(library, sections + UInt32(library, section + 40) * size + 24);
            var entry = UInt64(library, section + 24);
            for (var entries = UInt32(library, section + 44); entries > 0; entries--, entry += UInt32(library, entry + 12))
            {
                var need = entry + UInt32(library, entry + 8);
                for (var needs = UInt16(library, entry + 2); needs > 0; needs--, need += UInt32(library, need + 12))
                {
                    var name = library[(names + UInt32(library, need + 8))..];
                    if (!name[..name.IndexOf((byte)0)].SequenceEqual(Encoding.ASCII.GetBytes(version)))
                        continue;
                    BinaryPrimitives.WriteUInt16LittleEndian(library[(need + 4)..], (ushort)(UInt16(library, need + 4) | Weak));
                    return true;
                }
            }
        }
        return false;
    }

    private static int UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static int UInt32(ReadOnlySpan<byte> bytes, int at) => checked((int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]));

    private static int UInt64(ReadOnlySpan<byte> bytes, int at) => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]));
}
