using System.Text.Json.Nodes;
using Google.Protobuf;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.OnnxProto;
using Microsoft.ML.OnnxRuntime;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Writes a fitted pipeline as one ONNX file, from the columns of the data to the predictions, and holds the file against the pipeline on all rows of
/// a sample before it writes it.
/// </summary>
internal sealed class PipelineExport
{
    private readonly ITransformer _pipeline;
    private readonly IDataView _sample;
    private readonly OnnxExportOptions _options;
    private readonly string _dataName;
    private readonly PipelinePlan _plan;
    private readonly PipelineFile _file;
    private readonly GraphProto _single;
    private readonly double _tolerance;

    private PipelineExport(ModelOperationsCatalog catalog, ITransformer pipeline, IDataView sample, string name, OnnxExportOptions options)
    {
        (_pipeline, _sample, _options, _dataName) = (pipeline, sample, options, $"{name}.data");
        _tolerance = options.Tolerance ?? options.Precision switch
        {
            OnnxPrecision.Half => 1e-2,
            OnnxPrecision.Int8 => 5e-2,
            _ => 1e-4,
        };
        _plan = PipelinePlan.Create(pipeline, sample, options);
        _file = new PipelineFile(_plan, catalog);
        _single = _file.Graph.Clone();
        ReducedPrecision.Apply(_file.Graph, [.. _file.Networks.Select(network => network.Entry.Scope)], options.Precision);
    }

    /// <summary>The file, called so, and the report.</summary>
    /// <exception cref="NotSupportedException">A part of the pipeline has no form in ONNX, or its form does not score like the pipeline.</exception>
    /// <exception cref="InvalidOperationException">The pipeline holds no deep network, or there are no rows.</exception>
    public static (OnnxPieces File, OnnxExportReport Written) Create(ModelOperationsCatalog catalog, ITransformer pipeline, IDataView sample, string name, OnnxExportOptions options)
    {
        var export = new PipelineExport(catalog, pipeline, sample, name, options);
        return export.Try(batch: null, out var file) is null || export.Try(batch: 1, out file) is not { } reason ? file : throw reason;
    }

    /// <summary>Creates a file for batches of any size or, where a transform has a form for single rows alone, of one row.</summary>
    /// <returns>Why there is none; <see langword="null"/> where there is one.</returns>
    private NotSupportedException? Try(int? batch, out (OnnxPieces File, OnnxExportReport Written) file)
    {
        file = default;
        foreach (var column in _file.Graph.Input.Concat(_file.Graph.Output))
            column.Type.TensorType.Shape.Dim[0] = batch is { } rows ? new TensorShapeProto.Types.Dimension { DimValue = rows } : new TensorShapeProto.Types.Dimension { DimParam = "batch" };
        var onnx = OnnxFile.Write(_file.Graph, [], _options.ExternalDataAbove, _dataName);
        try
        {
            var outputs = new Dictionary<string, JsonArray>();
            var inputs = new Dictionary<string, JsonArray>();
            using var comparison = Compare(onnx, batch, _sample, _plan.Scored);
            while (comparison.Next(seen: Keep)) { }
            if (comparison.Rows == 0)
                throw new InvalidOperationException("The sample has no rows to compare the ONNX file with the pipeline on; pass some.");
            var compared = _plan.Outputs.Zip(comparison.Outputs, (column, output) => (Column: column, output.Name, output.Compared)).ToArray();
            foreach (var (column, _, seen) in compared)
                if (!seen.Holds(_tolerance, Spread(column, seen), comparison.Rows))
                    return new NotSupportedException($"{Difference(column, seen)} {FirstNode(onnx, batch, seen.Row.Number)}");

            var accepts = AcceptsMissing(onnx, batch);
            var selfCheck = _options.SelfCheckRows == 0 ? null : new JsonObject
            {
                ["inputs"] = new JsonObject(inputs.Select(column => KeyValuePair.Create<string, JsonNode?>(column.Key, column.Value))),
                ["outputs"] = new JsonObject(outputs.Select(column => KeyValuePair.Create<string, JsonNode?>(column.Key, column.Value))),
                ["tolerance"] = _tolerance,
            };
            var pieces = OnnxFile.Write(_file.Graph, [.. PipelineMetadata.Of(_file, _options.Precision, accepts, selfCheck)], _options.ExternalDataAbove, _dataName);
            file = (pieces, new OnnxExportReport
            {
                Inputs = [.. _file.Graph.Input.Select(input => input.Name)],
                Outputs = [.. compared.Select(output => Agreement(output.Column, output.Name, output.Compared, comparison.Rows))],
                Rows = comparison.Rows,
                BatchSize = batch,
                AcceptsMissing = accepts,
                Opset = OnnxOpset.Lowest(_file.Graph.Node),
                FileSize = pieces.Length,
                ExternalDataSize = pieces.External?.Length ?? 0,
                Precision = _options.Precision,
                SingleFileSize = pieces.Length + ExternalData.SizeOf(_single) - ExternalData.SizeOf(_file.Graph),
            });
            return null;

            void Keep(PipelineComparison.Batch rows)
            {
                for (var row = 0; row < rows.Rows && comparison.Rows + row < _options.SelfCheckRows; row++)
                {
                    foreach (var (name, values) in rows.Inputs)
                        Add(inputs, name, values.ToJson(row));
                    foreach (var (name, values, got) in rows.Outputs)
                        Add(outputs, name, values.ToJson(got, row));
                }
            }
        }
        catch (OnnxRuntimeException e)
        {
            return new NotSupportedException($"ONNX Runtime cannot run the file: {e.Message}", e);
        }

        static void Add(Dictionary<string, JsonArray> columns, string name, JsonNode value)
        {
            if (!columns.TryGetValue(name, out var values))
                columns[name] = values = [];
            values.Add(value);
        }
    }

    /// <summary>Where the numbers are reduced, the graph in Single is right; otherwise the pipeline is.</summary>
    private string FirstNode(OnnxPieces onnx, int? batch, long row)
    {
        if (onnx.External is not null)
            return "Its first node that differs is not looked for in a file of two pieces.";
        if (_options.Precision == OnnxPrecision.Single)
            return FirstDifference.Find(_plan, _file, onnx.Model, batch, Inputs(_sample), row, _tolerance);
        var batches = new List<IReadOnlyCollection<NamedOnnxValue>>();
        using var comparison = Compare(onnx, batch, _sample, _plan.Scored);
        while (comparison.Rows < row && comparison.Next(seen: rows => batches = [[.. rows.Inputs.Select(input => input.Values.ToInput(input.Name, rows.Rows))]])) { }
        return NodeDifference.Find(_single, _file.Graph, batches, _tolerance);
    }

    private PipelineComparison Compare(OnnxPieces onnx, int? batch, IDataView data, IDataView scored) => new(
        onnx, batch, Inputs(data), _plan.Outputs.Zip(_file.Outputs, (column, output) => (output.Name, scored, column, output.Classes is not null)));

    private IEnumerable<(string Name, IDataView Data, string Column)> Inputs(IDataView sample) =>
        from input in _plan.Inputs
        where _file.Graph.Input.Any(taken => taken.Name == input.Column)
        select (input.Column, input.Data == _sample ? sample : input.Data, input.Column);

    private OnnxOutputAgreement Agreement(string column, string name, ComparedOutput compared, long rows)
    {
        var spread = compared.HasNumbers ? Spread(column, compared) : 0;
        return new OnnxOutputAgreement
        {
            Name = name,
            Spread = spread,
            GreatestDifference = spread == 0 ? 0 : compared.Difference / spread,
            MeanDifference = spread == 0 ? 0 : compared.Mean / spread,
            Agreement = 1 - (double)compared.OtherRows / rows,
        };
    }

    /// <summary>Of the scores of a network as its task has it.</summary>
    private double Spread(string column, ComparedOutput compared)
    {
        if (!compared.HasNumbers)
            return 0;
        var maker = _file.Made.Last(made => made.Column == column).Step;
        return maker.Transformer is DeepNetworkTransformer network ? network.Objective.Spread(column, compared.Least, compared.Greatest) : compared.Magnitude;
    }

    private static string Difference(string column, ComparedOutput compared) =>
        $"The file would not score like the pipeline: '{column}' of row {compared.Row.Number} is {compared.Row.Expected} in the pipeline and {compared.Row.Got} in the file.";

    /// <summary>The inputs of which a row can miss all, so that it still gets a score, the same of pipeline and file.</summary>
    private string[] AcceptsMissing(OnnxPieces onnx, int? batch) =>
    [
        .. from input in Inputs(_sample)
           where input.Data == _sample && MissingInView.CanMiss(_sample.Schema[input.Column]) && ScoresWithout(input.Column, onnx, batch)
           select input.Name,
    ];

    private bool ScoresWithout(string column, OnnxPieces onnx, int? batch)
    {
        const int rows = 64;
        var data = new MissingInView(_sample, column);
        using var comparison = Compare(onnx, batch, data, _pipeline.Transform(data));
        while (comparison.Rows < rows && comparison.Next(rows)) { }
        return comparison.Outputs.All(output => output.Compared.Holds(_tolerance, output.Compared.Magnitude, comparison.Rows))
            && comparison.Outputs.Any(output => output.Compared.HasNumbers) && comparison.Outputs.All(output => output.Compared.HasNumbers || !output.Compared.SawNumbers);
    }
}
