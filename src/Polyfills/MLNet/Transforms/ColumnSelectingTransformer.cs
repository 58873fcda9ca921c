using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Drops every column of the given names, hidden ones included; the others keep their order.</summary>
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string LoaderSignature = "SelectColumnsTransform";

    private readonly string[] _dropped;

    internal ColumnSelectingTransformer(IHost host, string[] dropColumns)
    {
        Contracts.CheckValue(host, nameof(host));
        Contracts.Check(dropColumns is { Length: > 0 }, "Name at least one column to drop.");
        _dropped = dropColumns;
    }

    internal static ColumnSelectingTransformer Load(IHostEnvironment env, ModelLoadContext ctx)
    {
        var names = new string[ctx.Reader.ReadInt32()];
        for (var i = 0; i < names.Length; i++)
            names[i] = ctx.LoadNonEmptyString();
        return new(env.Register(nameof(ColumnSelectingTransformer)), names);
    }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Select(inputSchema, nameof(inputSchema)).OutputSchema;

    public IDataView Transform(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        return new SelectedDataView(input, Select(input.Schema, nameof(input)));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) =>
        new SelectedDataView(new EmptyDataView(inputSchema), Select(inputSchema, nameof(inputSchema)));

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(LoaderSignature);
        ctx.Writer.Write(_dropped.Length);
        foreach (var name in _dropped)
            ctx.SaveNonEmptyString(name);
    }

    internal bool Drops(string name) => _dropped.Contains(name);

    internal void CheckPresent(IEnumerable<string> names, string parameter)
    {
        var missing = _dropped.Except(names).ToArray();
        if (missing.Length > 0)
            throw Contracts.ExceptSchemaMismatch(parameter, "input", string.Join(",", missing));
    }

    private ColumnSelection Select(DataViewSchema inputSchema, string parameter)
    {
        Contracts.CheckValue(inputSchema, parameter);
        CheckPresent(inputSchema.Select(column => column.Name), parameter);
        return new ColumnSelection(inputSchema, [.. inputSchema.Where(column => !Drops(column.Name))]);
    }
}
