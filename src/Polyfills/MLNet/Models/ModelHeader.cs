using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The start of every Model.key: who wrote it, what loads it, and the version of what follows.</summary>
internal static class ModelHeader
{
    public const string EntryName = "Model.key";

    private const string Magic = "GradientStability.Polyfills.MLNet";

    public static void Write(BinaryWriter writer, string loaderSignature, int version)
    {
        writer.Write(Magic);
        writer.Write(loaderSignature);
        writer.Write(version);
    }

    public static (string LoaderSignature, int Version) Read(BinaryReader reader)
    {
        var start = reader.ReadBytes(Magic.Length + 1);
        Contracts.CheckDecode(start.Length > 0 && Encoding.ASCII.GetString(start, 1, start.Length - 1) == Magic, "Wrong file type");
        return (reader.ReadString(), reader.ReadInt32());
    }
}
