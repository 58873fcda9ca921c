using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.GradientStability.Notebooks.Tests;

/// <summary>A file in the format of Jupyter notebooks, version 4: its code cells, and the outputs that are kept with them.</summary>
internal sealed class Notebook
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    private readonly JsonNode _file;
    private readonly JsonObject[] _cells;

    public Notebook(string path)
    {
        Path = path;
        _file = JsonNode.Parse(File.ReadAllText(path))!;
        _cells = [.. _file["cells"]!.AsArray().OfType<JsonObject>().Where(cell => (string?)cell["cell_type"] == "code")];
    }

    public string Path { get; }

    /// <summary>The code of each cell.</summary>
    public IReadOnlyList<string> Code => [.. _cells.Select(cell => Join(cell["source"]!))];

    /// <summary>The outputs kept of each cell.</summary>
    public IReadOnlyList<IReadOnlyList<CellOutput>> Outputs => [.. _cells.Select(cell => (IReadOnlyList<CellOutput>)[.. cell["outputs"]!.AsArray().Select(o => Read(o!))])];

    /// <summary>Writes the file with these outputs in place of its own.</summary>
    public void Keep(IReadOnlyList<IReadOnlyList<CellOutput>> outputs)
    {
        for (var i = 0; i < _cells.Length; i++)
        {
            _cells[i]["execution_count"] = i + 1;
            _cells[i]["outputs"] = new JsonArray([.. outputs[i].Select(output => Write(output, i + 1))]);
        }
        File.WriteAllText(Path, _file.ToJsonString(s_json) + "\n");
    }

    private static CellOutput Read(JsonNode output)
    {
        var kind = (string)output["output_type"]!;
        if (kind == "stream")
            return new CellOutput(kind, "text/plain", Join(output["text"]!));
        var (mime, text) = output["data"]!.AsObject().Single();
        return new CellOutput(kind, mime, Join(text!));
    }

    private static JsonNode Write(CellOutput output, int execution)
    {
        var lines = new JsonArray([.. Lines(output.Text).Select(line => (JsonNode)line)]);
        if (output.Kind == "stream")
            return new JsonObject { ["output_type"] = output.Kind, ["name"] = "stdout", ["text"] = lines };
        var shown = new JsonObject { ["output_type"] = output.Kind, ["data"] = new JsonObject { [output.MimeType] = lines }, ["metadata"] = new JsonObject() };
        if (output.Kind == "execute_result")
            shown["execution_count"] = execution;
        return shown;
    }

    private static string Join(JsonNode lines) => lines is JsonArray all ? string.Concat(all.Select(line => (string)line!)) : (string)lines!;

    /// <summary>Lines that keep their ends.</summary>
    private static IEnumerable<string> Lines(string text)
    {
        for (var from = 0; from < text.Length;)
        {
            var end = text.IndexOf('\n', from) is var at and >= 0 ? at + 1 : text.Length;
            yield return text[from..end];
            from = end;
        }
    }
}
