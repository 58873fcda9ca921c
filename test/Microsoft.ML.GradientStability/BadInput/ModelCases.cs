using static Microsoft.ML.GradientStability.Tests.BadInput.BadInput;

namespace Microsoft.ML.GradientStability.Tests.BadInput;

/// <summary>Models and files that cannot be written.</summary>
internal static class ModelCases
{
    private const string Area = "ONNX files";

    private static readonly MLContext s_ml = new(seed: 1);
    private static readonly IDataView s_data = EveryTask.Load(s_ml, EveryTask.Rows(40));
    private static readonly Lazy<DeepNetworkTransformer> s_model = new(() => EveryTask.Fit(s_ml, EveryTask.Regression, s_data, o => o.Epochs = 1));

    public static IEnumerable<BadInput> All() =>
    [
        .. Line<InvalidOperationException>(Area, "the model cannot be exported", "",
            ("it holds no network", () => s_ml.Transforms.CopyColumns("Copy", "Features").Fit(s_data).SaveAsOnnx(Nowhere(), s_data), "holds no deep network … fitted in this program"),
            ("no rows to compare on", () => s_model.Value.SaveAsOnnx(Nowhere(), EveryTask.Load(s_ml, [])), "no rows to compare … parityOn"),
            ("a tolerance that nothing meets", () => s_model.Value.SaveAsOnnx(Nowhere(), s_data, tolerance: 1e-30), "Nothing was written to … row")),
        .. Line<ArgumentOutOfRangeException>(Area, "rows or tolerance do not fit", "",
            ("a tolerance of 0", () => s_model.Value.SaveAsOnnx(Nowhere(), s_data, tolerance: 0), "tolerance is 0 … above 0"),
            ("a tolerance of NaN", () => s_model.Value.SaveAsOnnx(Nowhere(), s_data, tolerance: double.NaN), "tolerance is NaN"),
            ("rows without features", () => s_model.Value.SaveAsOnnx(Nowhere(), s_ml.Transforms.DropColumns("Features").Fit(s_data).Transform(s_data)), "feature column 'Features'"),
            ("rows with other features", () => s_model.Value.SaveAsOnnx(Nowhere(), s_ml.Transforms.Concatenate("Features", "Features", "Weight").Fit(s_data).Transform(s_data)), "a vector of 3 Single")),
        .. Line<IOException>(Area, "the file cannot be written", "Cannot write … folder",
            ("a folder that there is not", () => s_model.Value.SaveAsOnnx(Path.Combine(Path.GetTempPath(), "no such folder", "model.onnx"), s_data), "no such folder"),
            ("a folder by that name", () => s_model.Value.SaveAsOnnx(Path.GetTempPath(), s_data), "")),
        .. Line<ArgumentException>(Area, "the path is empty", "path",
            ("empty", () => s_model.Value.SaveAsOnnx("", s_data), "")),
    ];

    /// <summary>Nothing gets there.</summary>
    private static string Nowhere() => Path.Combine(Path.GetTempPath(), "never written.onnx");
}
