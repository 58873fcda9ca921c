using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>What a model takes and gives, as its file says.</summary>
public sealed class ModelSchema
{
    /// <summary>The output that holds the label of a classifier.</summary>
    internal const string LabelName = "PredictedLabel";

    internal ModelSchema(IReadOnlyList<ModelColumn> inputs, IReadOnlyList<ModelColumn> outputs, IReadOnlyDictionary<string, string> metadata)
    {
        (Inputs, Outputs, Metadata) = (inputs, outputs, metadata);
        Task = metadata.GetValueOrDefault("task");
        Classes = ReadNames("classes");
        AcceptsMissing = ReadNames("acceptsMissing");
        foreach (var name in AcceptsMissing)
            if (!inputs.Any(input => input.Name == name && input.IsNumberWithNaN))
                throw new ModelFileException($"its metadata 'acceptsMissing' names '{name}', which is no input of Single or Double; it has {List(inputs)}");
    }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<ModelColumn> Inputs { get; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<ModelColumn> Outputs { get; }

    /// <summary>All metadata of the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What was trained, such as <c>multiclass classification</c>; null where the file does not say.</summary>
    public string? Task { get; }

    /// <summary>The names of the classes, in the order of <c>PredictedLabel</c>'s index and of <c>Score</c>; empty where the file has none.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The inputs whose NaN the model itself replaces or reads as missing; NaN in any other makes a row's prediction missing.</summary>
    public IReadOnlyList<string> AcceptsMissing { get; }

    /// <summary>The inputs and the outputs in one line.</summary>
    public override string ToString() => $"{List(Inputs)} → {List(Outputs)}";

    /// <summary>Why rows made for this schema do not fit the other; null where they do. The width of an output may change, as with a new class.</summary>
    internal string? DifferenceTo(ModelSchema other)
    {
        if (List(Inputs) != List(other.Inputs))
            return $"it takes {List(other.Inputs)}, and the model in service {List(Inputs)}";
        var (mine, others) = (Outputs.Select(o => (o.Name, o.Type)), other.Outputs.Select(o => (o.Name, o.Type)));
        return mine.SequenceEqual(others) ? null : $"it gives {List(other.Outputs)}, and the model in service {List(Outputs)}";
    }

    internal static string List(IEnumerable<ModelColumn> columns) => string.Join(", ", columns);

    /// <exception cref="ModelFileException">An input is of a type or a shape that is not served.</exception>
    internal static IReadOnlyList<ModelColumn> ReadInputs(InferenceSession session) =>
        [.. session.InputNames.Select(name => ReadInput(name, session.InputMetadata[name]))];

    /// <summary>Rows that one run takes at most: the batch where the file fixes it, otherwise without bound.</summary>
    internal static int ReadFixedBatch(InferenceSession session)
    {
        var batches = session.InputMetadata.Values.Select(i => i.Dimensions[0]).Where(length => length > 0).Distinct().ToArray();
        return batches switch
        {
            [] => int.MaxValue,
            [1] => 1,
            _ => throw new ModelFileException($"it takes batches of exactly {string.Join(" or ", batches)} rows; export it with a batch of any size, or of one row"),
        };
    }

    private static ModelColumn ReadInput(string name, NodeMetadata input)
    {
        if (!input.IsTensor || ColumnTypes.Find(input.ElementDataType) is not { } type)
            throw new ModelFileException($"its input '{name}' is {Kind(input)}, which is not served; served are tensors of {string.Join(", ", Enum.GetNames<ColumnType>())}");
        if (input.Dimensions.Length == 0 || input.Dimensions.Skip(1).Any(length => length <= 0))
            throw new ModelFileException(
                $"its input '{name}' has the shape [{string.Join(", ", input.Dimensions)}]; the first dimension has to be the batch, and the others of a fixed size");
        return new ModelColumn(name, type, input.Dimensions[1..]);
    }

    internal static string Kind(NodeMetadata value) => value.IsTensor ? $"a tensor of {value.ElementDataType}" : $"a {value.OnnxValueType}";

    private IReadOnlyList<string> ReadNames(string key)
    {
        if (!Metadata.TryGetValue(key, out var json))
            return [];
        try
        {
            return JsonSerializer.Deserialize<string[]>(json) ?? [];
        }
        catch (JsonException e)
        {
            throw new ModelFileException($"its metadata '{key}' is no JSON array of names: {e.Message}", e);
        }
    }
}
