using System.Buffers;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How a text file is to be read.</summary>
internal sealed class TextFormat
{
    public TextFormat(TextLoader.Options options)
    {
        Contracts.CheckNonEmpty(options.Separators, nameof(options.Separators));
        foreach (var c in options.Separators)
            Contracts.CheckParam(c == '\t' || c >= ' ' && c is not '"' && !char.IsAsciiDigit(c), "Separator", $"Illegal separator: '{c}'");
        Separators = SearchValues.Create(options.Separators);
        SpaceSeparates = options.Separators.Contains(' ');
        AllowQuoting = options.AllowQuoting;
        TrimWhitespace = options.TrimWhitespace;
        HasHeader = options.HasHeader;
        MissingRealsAsNaNs = options.MissingRealsAsNaNs;
        MaxRows = options.MaxRows ?? long.MaxValue;
    }

    public SearchValues<char> Separators { get; }

    public bool SpaceSeparates { get; }

    public bool AllowQuoting { get; }

    public bool TrimWhitespace { get; }

    public bool HasHeader { get; }

    public bool MissingRealsAsNaNs { get; }

    public long MaxRows { get; }
}
