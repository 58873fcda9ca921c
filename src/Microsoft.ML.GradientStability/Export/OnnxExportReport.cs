using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>What an export wrote, and how closely it agrees with the pipeline.</summary>
public sealed record OnnxExportReport
{
    internal OnnxExportReport() { }

    /// <summary>The columns that the file takes.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The columns that it gives, each with its agreement.</summary>
    public required IReadOnlyList<OnnxOutputAgreement> Outputs { get; init; }

    /// <summary>Rows of the sample, all of which both scored.</summary>
    public required long Rows { get; init; }

    /// <summary>
    /// Rows that the file takes at a time; <see langword="null"/>: any number. A pipeline with a transform whose official form is for single rows, as that
    /// of FeaturizeText, has 1.
    /// </summary>
    public required int? BatchSize { get; init; }

    /// <summary>The inputs whose NaN the pipeline replaces or reads as missing, and the file as the pipeline.</summary>
    public required IReadOnlyList<string> AcceptsMissing { get; init; }

    /// <summary>The opset of the file, the lowest that holds it.</summary>
    public required int Opset { get; init; }

    /// <summary>Bytes of the file, or of both where there are two.</summary>
    public required long FileSize { get; init; }

    /// <summary>Bytes of them in the second file, of constants; 0 where there is one file.</summary>
    public required long ExternalDataSize { get; init; }

    /// <summary>The numbers that the matrices of the networks are kept in.</summary>
    public required OnnxPrecision Precision { get; init; }

    /// <summary>Bytes that the file would have in <see cref="OnnxPrecision.Single"/>.</summary>
    public required long SingleFileSize { get; init; }

    /// <summary>A line an output.</summary>
    public override string ToString() =>
        Invariant($"{string.Join(", ", Inputs)} → {string.Join(", ", Outputs.Select(output => output.Name))}: {FileSize} bytes{(ExternalDataSize == 0 ? "" : $", {ExternalDataSize} of them in a second file")}{(Precision == OnnxPrecision.Single ? "" : $" in {Precision}, {SingleFileSize} in Single")}, opset {Opset}, {Rows} rows")
        + string.Concat(Outputs.Select(output => $"{Environment.NewLine}  {output}"));
}
