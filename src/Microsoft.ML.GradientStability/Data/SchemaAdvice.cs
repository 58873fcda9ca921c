using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.GradientStability;

/// <summary>What makes a column of the wrong type fit, as code to append to a pipeline wherever a transform does it.</summary>
internal static class SchemaAdvice
{
    /// <summary>To a vector of Single of known size.</summary>
    public static string ToFeatures(ColumnForm column)
    {
        var name = Literal(column.Name);
        var toSingle = $"mlContext.Transforms.Conversion.ConvertType({name}, outputKind: DataKind.Single)";
        var toVector = $"mlContext.Transforms.Concatenate({name}, {name})";
        const string size = "Give it a size where its rows come from: [VectorType(n)] on the property of the row class, n the number of features.";
        return column switch
        {
            { IsKey: true, Kind: VectorKind.VariableVector } => Append($"mlContext.Transforms.Conversion.MapKeyToVector({name}, outputCountVector: true)"),
            { IsKey: true } => Append($"mlContext.Transforms.Conversion.MapKeyToVector({name})"),
            { IsText: true, Kind: VectorKind.VariableVector } =>
                Append($"mlContext.Transforms.Categorical.OneHotEncoding({name}, outputKind: OneHotEncodingEstimator.OutputKind.Bag)"),
            { IsText: true, IsScalar: true } =>
                $"For categories, append mlContext.Transforms.Categorical.OneHotEncoding({name}) before the trainer; for text, mlContext.Transforms.Text.FeaturizeText({name}).",
            { IsText: true } => $"For categories, append mlContext.Transforms.Categorical.OneHotEncoding({name}) before the trainer; for numbers, {toSingle}.",
            { IsSingle: true, IsScalar: true } => Append(toVector),
            { IsSingle: true } => size,
            { IsNumber: false, IsBoolean: false } => Append("a mlContext.Transforms.CustomMapping that makes numbers of it"),
            { IsScalar: true } => Append($"{toSingle}.Append({toVector})"),
            { Kind: VectorKind.VariableVector } => $"{size} Then append {toSingle} before the trainer.",
            _ => Append(toSingle),
        };
    }

    /// <summary>To Boolean. That −1 becomes true is what ConvertType says of numbers, so it is none for labels.</summary>
    public static string ToBoolean(ColumnForm column)
    {
        var name = Literal(column.Name);
        var positive = $"mlContext.Transforms.Expression({name}, \"x => x > 0\", {name})";
        return column switch
        {
            { IsScalar: false } => OneValue,
            { IsKey: true } => "A key names classes: use mlContext.MulticlassClassification.Trainers.DeepNetwork for it.",
            { IsText: true } => $"Append mlContext.Transforms.Conversion.MapValue({name}, new Dictionary<string, bool> {{ [\"yes\"] = true, [\"no\"] = false }}) "
                + "before the trainer, with your own two texts.",
            { IsNumber: false } => Append($"a mlContext.Transforms.CustomMapping that makes {name} Boolean"),
            _ when s_ofExpressions.Contains(column.ItemType.RawType) => Append(positive),
            _ => Append($"mlContext.Transforms.Conversion.ConvertType({name}, outputKind: DataKind.Single).Append({positive})"),
        };
    }

    /// <summary>To a key.</summary>
    public static string ToKey(ColumnForm column) =>
        column.IsScalar ? Append($"mlContext.Transforms.Conversion.MapValueToKey({Literal(column.Name)})") : OneValue;

    /// <summary>To a vector of keys, one a step.</summary>
    public static string ToKeysOfSteps(ColumnForm column) =>
        column.IsScalar ? "Name a column with a label for every step, or use mlContext.MulticlassClassification.Trainers.DeepNetwork for one a row." : Append($"mlContext.Transforms.Conversion.MapValueToKey({Literal(column.Name)})");

    /// <summary>To a vector of Single, one a step.</summary>
    public static string ToNumbersOfSteps(ColumnForm column) =>
        column.IsScalar ? "Name a column with a number for every step, or use mlContext.Regression.Trainers.DeepNetwork for one a row."
        : column.IsKey ? "A key names classes: use mlContext.MulticlassClassification.Trainers.DeepSequence for them."
        : Append($"mlContext.Transforms.Conversion.ConvertType({Literal(column.Name)}, outputKind: DataKind.Single)");

    /// <summary>A label or weight to Single.</summary>
    public static string ToSingle(ColumnForm column)
    {
        var convert = $"mlContext.Transforms.Conversion.ConvertType({Literal(column.Name)}, outputKind: DataKind.Single)";
        return column switch
        {
            { IsScalar: false } => OneValue,
            { IsKey: true } => "A key names classes: use mlContext.MulticlassClassification.Trainers.DeepNetwork for it, or, where its values are numbers, append "
                + $"mlContext.Transforms.Conversion.MapKeyToValue({Literal(column.Name)}).Append({convert}) before the trainer.",
            { IsNumber: true } or { IsBoolean: true } or { IsText: true } => Append(convert),
            _ => Append($"a mlContext.Transforms.CustomMapping that makes a number of {Literal(column.Name)}"),
        };
    }

    /// <summary>For a column that there is not.</summary>
    /// <param name="role">feature, label or weight.</param>
    /// <param name="column">The name.</param>
    /// <param name="present">What there is.</param>
    public static string ToExist(string role, string column, IEnumerable<ColumnForm> present)
    {
        var option = role switch { "feature" => "FeatureColumnName", "label" => "LabelColumnName", _ => "ExampleWeightColumnName" };
        if (present.FirstOrDefault(p => p.Name.Equals(column, StringComparison.OrdinalIgnoreCase)).Name is { } likely)
            return $"Set {option} = {Literal(likely)}.";
        var transform = role == "feature" ? $"mlContext.Transforms.Concatenate({Literal(column)}, …) with the names of your features" : $"a transform that makes '{column}'";
        return $"Set {option} to one of them, or append {transform} before the trainer.";
    }

    /// <summary>For a row with a feature that is not finite; the transform keeps all that are.</summary>
    public static string ToFinite(string column, float value) => float.IsNaN(value)
        ? $"append mlContext.Transforms.ReplaceMissingValues({Literal(column)}) before the trainer, or pass mlContext.Data.FilterRowsByMissingValues(data, {Literal(column)})."
        : $"append mlContext.Transforms.Expression({Literal(column)}, \"x => isna(x - x) ? 0 : x\", {Literal(column)}) before the trainer, which makes it 0, or remove such rows.";

    /// <summary>A name as C# writes it.</summary>
    public static string Literal(string name) => $"\"{name.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";

    private const string OneValue = "Name a column with one value a row.";

    /// <summary>What ML.NET's Expression takes.</summary>
    private static readonly Type[] s_ofExpressions = [typeof(int), typeof(long), typeof(float), typeof(double)];

    private static string Append(string transform) => $"Append {transform} before the trainer.";
}
