using Microsoft.ML;
using Microsoft.ML.Data;

namespace Images;

/// <summary>An image in a folder, and what it shows.</summary>
internal sealed class PngFile
{
    public string Name { get; set; } = "";

    public string Label { get; set; } = "";
}

/// <summary>Digits as gray PNG files.</summary>
internal static class PngFiles
{
    private const int Side = 8;
    private const float Darkest = 16;

    public static IReadOnlyList<PngFile> Write(MLContext ml, IDataView digits, string folder)
    {
        Directory.CreateDirectory(folder);
        var files = new List<PngFile>();
        foreach (var digit in ml.Data.CreateEnumerable<Digit>(digits, reuseRowObject: true))
        {
            var pixels = new byte[4 * Side * Side];
            for (var i = 0; i < Side * Side; i++)
            {
                pixels.AsSpan(4 * i, 3).Fill((byte)(255 * digit.Features[i] / Darkest));
                pixels[4 * i + 3] = byte.MaxValue;
            }
            using var image = MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Bgra32, pixels);
            files.Add(new PngFile { Name = $"{files.Count}.png", Label = digit.Label });
            image.Save(Path.Combine(folder, files[^1].Name));
        }
        return files;
    }

    private sealed class Digit
    {
        [VectorType(Side * Side)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
