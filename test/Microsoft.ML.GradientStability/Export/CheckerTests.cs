using System.Diagnostics;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.GradientStability.Tests.Export;

/// <summary>Files are valid by ONNX's own checker, with shapes inferred; skipped where no Python has <c>onnx</c> (Debian's python3-onnx).</summary>
[TestClass]
public sealed class CheckerTests
{
    private static readonly MLContext s_ml = new(seed: 1);
    private static readonly IDataView s_train = s_ml.Data.LoadFromEnumerable(RawRow.Many(60, seed: 1));

    /// <summary>The first one found, and Debian's, which that may hide.</summary>
    private static readonly string[] s_pythons = ["python3", "/usr/bin/python3"];

    private readonly string _folder = Directory.CreateTempSubdirectory("onnx-checker").FullName;

    [TestCleanup]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void All_kinds_of_files_are_valid()
    {
        var python = s_pythons.FirstOrDefault(python => Error(python, "import onnx") is null);
        if (python is null)
            Assert.Inconclusive("There is no Python with the module onnx.");
        using var model = Pipeline().Fit(s_train);
        foreach (var precision in Enum.GetValues<OnnxPrecision>())
            s_ml.Model.SaveAsOnnx(model, s_train, File($"{precision}"), new OnnxExportOptions { Precision = precision });
        model.SaveAsOnnx(File("network"), s_train);
        s_ml.Model.SaveAsOnnx(model, s_train, File("pieces"), new OnnxExportOptions { ExternalDataAbove = 0 });
        foreach (var file in Directory.GetFiles(_folder, "*.onnx"))
            Assert.IsNull(Error(python, $"import onnx; onnx.checker.check_model('{file}', full_check=True); onnx.checker.check_model(onnx.load('{file}'), full_check=True)"), Path.GetFileName(file));
    }

    private string File(string name) => Path.Combine(_folder, $"{name}.onnx");

    private static EstimatorChain<KeyToValueMappingTransformer> Pipeline() => s_ml.Transforms.Categorical.OneHotEncoding("CityFlags", "City")
        .Append(s_ml.Transforms.Categorical.OneHotHashEncoding("FloorFlags", "Floor", numberOfBits: 4))
        .Append(s_ml.Transforms.ReplaceMissingValues("Years", "Age"))
        .Append(s_ml.Transforms.Concatenate("Features", "CityFlags", "FloorFlags", "Years", "Signal"))
        .Append(s_ml.Transforms.NormalizeMinMax("Features"))
        .Append(s_ml.Transforms.Conversion.MapValueToKey("Label"))
        .Append(s_ml.MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options { Network = Network.FeedForward(32, 32), Epochs = 2 }))
        .Append(s_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    /// <summary>What a program wrote to the error stream; <see langword="null"/> where it ended well.</summary>
    private static string? Error(string python, string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", program]) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : error;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return e.Message;
        }
    }
}
