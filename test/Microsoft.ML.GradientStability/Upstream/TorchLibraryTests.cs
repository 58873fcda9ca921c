using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>What <see cref="TorchLibrary"/> mends of TorchSharp 0.107.0's native library, and how.</summary>
[TestClass]
public sealed class TorchLibraryTests
{
    private static readonly string s_bindings = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void The_library_needs_a_newer_CPlusPlus_runtime_by_name()
    {
        var original = File.ReadAllBytes(s_bindings);
        Assert.IsGreaterThan(0, original.AsSpan().IndexOf(Encoding.ASCII.GetBytes(TorchLibrary.NewerRuntime + '\0')),
            $"libLibTorchSharp.so does without {TorchLibrary.NewerRuntime} now: delete Upstream/VersionNeeds.cs, all of Upstream/TorchLibrary.cs but Require and Missing, 'Older Linux systems' in docs/dependencies.md, then this file.");
        var marked = (byte[])original.Clone();
        Assert.IsTrue(VersionNeeds.MarkWeak(marked, TorchLibrary.NewerRuntime));
        Assert.AreEqual(1, original.Zip(marked).Count(pair => pair.First != pair.Second), "one flag and nothing else");
    }

    [TestMethod]
    public void The_flag_of_the_version_is_set_and_no_other()
    {
        foreach (var version in new[] { "A_1", "A_1.2", "B_7" })
        {
            var (library, original) = (Library(), Library());
            Assert.IsTrue(VersionNeeds.MarkWeak(library, version));
            original[FlagsOf(version)] = 2;
            CollectionAssert.AreEqual(original, library, version);
        }
    }

    [TestMethod]
    public void Marked_twice_it_is_the_same()
    {
        var once = Library();
        VersionNeeds.MarkWeak(once, "A_1.2");
        var twice = (byte[])once.Clone();
        Assert.IsTrue(VersionNeeds.MarkWeak(twice, "A_1.2"));
        CollectionAssert.AreEqual(once, twice);
    }

    [TestMethod]
    [DataRow("A_")]
    [DataRow("A_1.")]
    [DataRow("_1")]
    [DataRow("C")]
    [DataRow("")]
    public void A_version_that_is_not_needed_changes_nothing(string version) => IsLeftAlone(Library(), version);

    [TestMethod]
    public void What_is_no_64_bit_little_endian_ELF_file_is_left_alone()
    {
        foreach (var at in new[] { 0, 1, 2, 3, 4, 5 })
        {
            var other = Library();
            other[at] ^= 3;
            IsLeftAlone(other, "A_1");
        }
        IsLeftAlone([], "A_1");
        IsLeftAlone(Encoding.ASCII.GetBytes("#!/bin/sh\nexit 1\n"), "A_1");
    }

    /// <summary>Every length, every byte with each of some values, and bytes at random: no exception, and no change but of flags that are found.</summary>
    [TestMethod]
    public void A_damaged_library_harms_nobody()
    {
        var whole = Library();
        for (var length = 0; length < whole.Length; length++)
            IsLeftAloneOrMarked(whole[..length]);
        for (var at = 0; at < whole.Length; at++)
        {
            foreach (var value in new byte[] { 0, 1, 2, 16, 0x7f, 0x80, 0xff })
            {
                var damaged = (byte[])whole.Clone();
                damaged[at] = value;
                IsLeftAloneOrMarked(damaged);
            }
        }
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var damaged = (byte[])whole.Clone();
            var start = random.Next(6, whole.Length);
            random.NextBytes(damaged.AsSpan(start, random.Next(whole.Length - start)));
            IsLeftAloneOrMarked(damaged);
        }
    }

    private static void IsLeftAlone(byte[] library, string version)
    {
        var original = (byte[])library.Clone();
        Assert.IsFalse(VersionNeeds.MarkWeak(library, version));
        CollectionAssert.AreEqual(original, library);
    }

    private static void IsLeftAloneOrMarked(byte[] library)
    {
        var original = (byte[])library.Clone();
        var marked = VersionNeeds.MarkWeak(library, "B_7");
        if (!library.AsSpan().SequenceEqual(original))
            Assert.AreEqual(marked ? 1 : 0, original.Zip(library).Count(pair => pair.First != pair.Second));
    }

    private const int Names = 64, Needs = 96, Sections = 176;

    private static int FlagsOf(string version) => version switch { "A_1" => Needs + 20, "A_1.2" => Needs + 36, _ => Needs + 68 };

    /// <summary>
    /// A library of no code: names, the versions A_1 and A_1.2 of one library and B_7 of another, and three section headers; laid out as
    /// the System V ABI and the Linux Standard Base say.
    /// </summary>
    private static byte[] Library()
    {
        var library = new byte[Sections + 3 * 64];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(library);
        Put64(40, Sections);
        Put16(58, 64);
        Put16(60, 3);
        "\0A_1\0A_1.2\0B_7\0"u8.CopyTo(library.AsSpan(Names));
        Entry(Needs, count: 2, next: 48);
        Need(Needs + 16, name: 1, next: 16);
        Need(Needs + 32, name: 5, next: 0);
        Entry(Needs + 48, count: 1, next: 0);
        Need(Needs + 64, name: 11, next: 0);
        Put32(Sections + 64 + 4, 3);
        Put64(Sections + 64 + 24, Names);
        Put32(Sections + 128 + 4, 0x6ffffffe);
        Put64(Sections + 128 + 24, Needs);
        Put32(Sections + 128 + 40, 1);
        Put32(Sections + 128 + 44, 2);
        return library;

        void Entry(int at, ushort count, uint next)
        {
            Put16(at, 1);
            Put16(at + 2, count);
            Put32(at + 8, 16);
            Put32(at + 12, next);
        }

        void Need(int at, uint name, uint next)
        {
            Put32(at + 8, name);
            Put32(at + 12, next);
        }

        void Put16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(library.AsSpan(at), value);
        void Put32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(library.AsSpan(at), value);
        void Put64(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(library.AsSpan(at), value);
    }
}
