using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability;

/// <summary>Runs a file on rows, and holds its outputs against the columns of the pipeline.</summary>
internal sealed class PipelineComparison : IDisposable
{
    /// <summary>Rows of a run, where the file takes any number.</summary>
    private const int RowsAtOnce = 64;

    private readonly InferenceSession _session;
    private readonly IDisposable? _folder;
    private readonly Dictionary<IDataView, DataViewRowCursor> _cursors = [];
    private readonly List<(string Name, ColumnValues Values)> _inputs = [];
    private readonly List<(string Name, ColumnValues Values, ComparedOutput Compared)> _outputs = [];
    private readonly int _batch;

    /// <param name="onnx">The file.</param>
    /// <param name="batch">Rows that it takes at a time; <see langword="null"/>: any number.</param>
    /// <param name="inputs">Columns of data, under the names of the inputs that they are.</param>
    /// <param name="outputs">The same of the outputs; keys as indexes where they say so.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refuses the file.</exception>
    public PipelineComparison(OnnxPieces onnx, int? batch, IEnumerable<(string Name, IDataView Data, string Column)> inputs, IEnumerable<(string Name, IDataView Data, string Column, bool AsIndex)> outputs)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        (_session, _folder) = onnx.Open(options);
        _batch = batch ?? RowsAtOnce;
        var (takes, gives) = (inputs.ToArray(), outputs.ToArray());
        foreach (var of in takes.Select(input => (input.Data, input.Column)).Concat(gives.Select(output => (output.Data, output.Column))).GroupBy(c => c.Data))
            _cursors[of.Key] = of.Key.GetRowCursor([.. of.Select(column => of.Key.Schema[column.Column])]);
        foreach (var (name, data, column) in takes)
            _inputs.Add((name, ColumnValues.Create(_cursors[data], data.Schema[column], _batch, asIndex: false)));
        foreach (var (name, data, column, asIndex) in gives)
            _outputs.Add((name, ColumnValues.Create(_cursors[data], data.Schema[column], _batch, asIndex), new ComparedOutput()));
    }

    /// <summary>Rows that were compared.</summary>
    public long Rows { get; private set; }

    /// <summary>What was seen of each output.</summary>
    public IEnumerable<(string Name, ComparedOutput Compared)> Outputs => _outputs.Select(output => (output.Name, output.Compared));

    /// <summary>Compares the next rows.</summary>
    /// <param name="most">No more than these.</param>
    /// <param name="seen">Gets the rows and what the file gives for them.</param>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime fails on the rows.</exception>
    public bool Next(int most = int.MaxValue, Action<Batch>? seen = null)
    {
        var rows = 0;
        while (rows < Math.Min(most, _batch) && Move())
        {
            foreach (var (_, values) in _inputs)
                values.Read(rows);
            foreach (var (_, values, _) in _outputs)
                values.Read(rows);
            rows++;
        }
        if (rows == 0)
            return false;
        using var given = _session.Run([.. _inputs.Select(input => input.Values.ToInput(input.Name, rows))], [.. _outputs.Select(output => output.Name)]);
        foreach (var ((_, values, compared), got) in _outputs.Zip(given))
            values.Compare(got, rows, Rows, compared);
        seen?.Invoke(new Batch(rows, _inputs, [.. _outputs.Zip(given).Select(pair => (pair.First.Name, pair.First.Values, (NamedOnnxValue)pair.Second))]));
        Rows += rows;
        return true;
    }

    public void Dispose()
    {
        foreach (var cursor in _cursors.Values)
            cursor.Dispose();
        _session.Dispose();
        _folder?.Dispose();
    }

    /// <summary>All data have the same rows in the same order, unless something on the way leaves rows out.</summary>
    private bool Move()
    {
        var moved = _cursors.Values.Select(cursor => cursor.MoveNext()).ToArray();
        return moved.Distinct().Count() == 1
            ? moved[0]
            : throw new NotSupportedException("The pipeline leaves rows out or adds some, which a file that scores rows cannot");
    }

    /// <summary>Rows that were compared.</summary>
    public readonly record struct Batch(int Rows, IReadOnlyList<(string Name, ColumnValues Values)> Inputs, IReadOnlyList<(string Name, ColumnValues Values, NamedOnnxValue Got)> Outputs);
}
