using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>A transformer of a pipeline, and what an export needs of it.</summary>
/// <param name="Number">Its place among all transformers of the pipeline, from 1.</param>
/// <param name="Transformer">No chain.</param>
/// <param name="Input">The data that arrives at it.</param>
/// <param name="Output">The same with its columns added.</param>
internal sealed record PipelineStep(int Number, ITransformer Transformer, IDataView Input, IDataView Output)
{
    /// <summary>The columns that are needed of those that it makes, in the order of its schema.</summary>
    public IReadOnlyList<string> Makes { get; init; } = [];

    /// <summary>The columns that it reads to make them.</summary>
    public IReadOnlyList<string> Takes { get; init; } = [];

    /// <summary>All columns that it makes and does not hide itself.</summary>
    public IEnumerable<string> All => Output.Schema.Where(column => !column.IsHidden && IsNew(column)).Select(column => column.Name);

    /// <summary>Like <c>NormalizingTransformer (step 2, Features)</c>.</summary>
    public override string ToString()
    {
        var type = Transformer.GetType();
        var name = type.DeclaringType is { } outer ? $"{outer.Name}.{type.Name}" : type.Name;
        return $"{name.Split('`')[0]} (step {Number}, '{string.Join("', '", Makes)}')";
    }

    /// <summary>Every transformer of a pipeline, chains in chains opened.</summary>
    public static IEnumerable<PipelineStep> Of(ITransformer pipeline, IDataView data)
    {
        var number = 0;
        foreach (var transformer in Flat(pipeline))
        {
            var output = transformer.Transform(data);
            yield return new PipelineStep(++number, transformer, data, output);
            data = output;
        }
    }

    /// <summary>The step with what it takes to make columns.</summary>
    /// <exception cref="NotSupportedException">It makes them from more than one row.</exception>
    public PipelineStep Making(IReadOnlySet<string> columns)
    {
        var makes = All.Where(columns.Contains).ToArray();
        if (makes.Length == 0)
            return this;
        var made = this with { Makes = makes };
        if (!Transformer.IsRowToRowMapper)
            throw new NotSupportedException($"{made} makes its columns from more than one row, which a file that scores rows cannot.");
        var mapper = Transformer.GetRowToRowMapper(Input.Schema);
        return made with { Takes = [.. mapper.GetDependencies(makes.Select(name => mapper.OutputSchema[name])).Select(column => column.Name).Distinct()] };
    }

    /// <summary>What has the name of a column that is there already hides it, and stands beside it in the schema.</summary>
    private bool IsNew(DataViewSchema.Column column) =>
        Output.Schema.Count(other => other.Name == column.Name) > Input.Schema.Count(other => other.Name == column.Name)
        || !column.Type.Equals(Input.Schema[column.Name].Type);

    private static IEnumerable<ITransformer> Flat(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flat) : [model];
}
