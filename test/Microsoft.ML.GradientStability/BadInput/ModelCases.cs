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
        .. Line<NotSupportedException>(Area, "a transform of the pipeline has no form in ONNX", "has no form in ONNX … What can be written",
            ("a logarithm", () => Export(s_ml.Transforms.NormalizeLogMeanVariance("Features")), "NormalizingTransformer (step 1, 'Features') … InputColumns = [\"Features\"] begins behind it"),
            ("a custom mapping", () => Export(s_ml.Transforms.CustomMapping<EveryTask.Row, Other>((row, other) => other.More = row.Weight, null).Append(s_ml.Transforms.Concatenate("Features", "Features", "More"))), "CustomMappingTransformer (step 1, 'More')")),
        .. Line<NotSupportedException>(Area, "the pipeline's file would not score like the pipeline", "would not score like the pipeline … in the pipeline and … in the file … The first node that differs is",
            ("a tolerance that nothing meets", () => Export(s_ml.Transforms.NormalizeMeanVariance("Features"), new OnnxExportOptions { Precision = OnnxPrecision.Half, Tolerance = 1e-9 }), "row")),
        .. Line<NotSupportedException>(Area, "ML.NET's ConvertToOnnx is given a deep network", "mlContext.Model.SaveAsOnnx(pipeline, data, path)",
            ("the network alone", () => s_ml.Model.ConvertToOnnx(s_model.Value, s_data, Stream.Null), "")),
        .. Line<InvalidOperationException>(Area, "the pipeline cannot be exported", "",
            ("it holds no network", () => s_ml.Model.SaveAsOnnx(s_ml.Transforms.CopyColumns("Copy", "Features").Fit(s_data), s_data, Nowhere()), "holds no deep network … ConvertToOnnx"),
            ("no rows to compare on", () => s_ml.Model.SaveAsOnnx(s_model.Value, EveryTask.Load(s_ml, []), Nowhere()), "The sample has no rows")),
        .. Line<ArgumentException>(Area, "an option of the export names a column that there is not", "column … The pipeline has … Features",
            ("an output", () => Export(s_ml.Transforms.NormalizeMinMax("Features"), new OnnxExportOptions { OutputColumns = ["Skore"] }), "'Skore'"),
            ("an input", () => Export(s_ml.Transforms.NormalizeMinMax("Features"), new OnnxExportOptions { InputColumns = ["Faetures"] }), "'Faetures'")),
        .. Line<ArgumentOutOfRangeException>(Area, "an option of the export is out of range", "",
            ("a tolerance of 0", () => new OnnxExportOptions { Tolerance = 0 }.ToString(), "Tolerance is 0 … above 0"),
            ("fewer rows than none", () => new OnnxExportOptions { SelfCheckRows = -1 }.ToString(), "SelfCheckRows is -1 … from 0 to 1000"),
            ("less than no bytes", () => new OnnxExportOptions { ExternalDataAbove = -1 }.ToString(), "ExternalDataAbove is -1 … from 0 to 2000000000"),
            ("no precision", () => new OnnxExportOptions { Precision = (OnnxPrecision)7 }.ToString(), "Precision is 7 … Single or Half or Int8")),
        .. Line<InvalidDataException>(Area, "the file is no ONNX file of this library", "cannot be loaded … ApplyOnnxModel",
            ("another kind of file", () => s_ml.Model.LoadFromOnnx(typeof(MLContext).Assembly.Location), "")),
        .. Line<ArgumentException>(Area, "the path is empty", "path",
            ("empty", () => s_model.Value.SaveAsOnnx("", s_data), "")),
    ];

    private static void Export(IEstimator<ITransformer> featurize, OnnxExportOptions? options = null)
    {
        var trainer = EveryTask.Options<DeepNetworkRegressionTrainer.Options>(nameof(EveryTask.Row.Number), o => o.Epochs = 1);
        s_ml.Model.SaveAsOnnx(featurize.Append(s_ml.Regression.Trainers.DeepNetwork(trainer)).Fit(s_data), s_data, Nowhere(), options);
    }

    private sealed class Other
    {
        public float More { get; set; }
    }

    /// <summary>Nothing gets there.</summary>
    private static string Nowhere() => Path.Combine(Path.GetTempPath(), "never written.onnx");
}
