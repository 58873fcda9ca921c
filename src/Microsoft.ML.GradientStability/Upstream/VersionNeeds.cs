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
    private const byte Weak = 2;

    /// <summary>
    /// Marks a version that a library needs as weak (<c>VER_FLG_WEAK</c>): the loader then takes the library also where nothing has the
    /// version, which is right as long as no symbol of that version is used.
    /// </summary>
    /// <returns>Whether the library needs that version; <see langword="false"/> and no change for what is no such library.</returns>
    public static bool MarkWeak(Span<byte> library, string version)
    {
        if (!library.StartsWith("\u007fELF\u0002\u0001"u8))
            return false;
        var wanted = Encoding.ASCII.GetBytes(version + '\0');
        var (sections, size, count) = (Read(library, 40, 8), Read(library, 58, 2), Read(library, 60, 2));
        for (var section = sections; count > 0; count--, section += size)
        {
            if (Read(library, section + 4, 4) != VersionNeedSection)
                continue;
            var names = Read(library, sections + Read(library, section + 40, 4) * size + 24, 8);
            for (ulong entry = Read(library, section + 24, 8), next = 1; next != 0; entry += next)
            {
                next = Read(library, entry + 12, 4);
                for (ulong need = entry + Read(library, entry + 8, 4), further = 1; further != 0; need += further)
                {
                    further = Read(library, need + 12, 4);
                    var flags = Slice(library, need + 4, 2);
                    if (flags.IsEmpty || !Slice(library, names + Read(library, need + 8, 4), wanted.Length).SequenceEqual(wanted))
                        continue;
                    flags[0] |= Weak;
                    return true;
                }
            }
        }
        return false;
    }

    /// <summary>A number of up to 8 bytes; 0, which ends every chain, beyond the end of a damaged library.</summary>
    private static ulong Read(Span<byte> library, ulong at, int size)
    {
        Span<byte> number = stackalloc byte[8];
        Slice(library, at, size).CopyTo(number);
        return BinaryPrimitives.ReadUInt64LittleEndian(number);
    }

    private static Span<byte> Slice(Span<byte> library, ulong at, int length) =>
        at <= (ulong)library.Length && length <= library.Length - (int)at ? library.Slice((int)at, length) : default;
}
