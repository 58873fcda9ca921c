using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>
/// Drops every column of the given names, hidden ones included; the others keep their order. Or keeps the columns of the given
/// names only, in the order of these names.
/// </summary>
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string LoaderSignature = "SelectColumnsTransform";

    private readonly string[] _names;
    private readonly bool _keeps;
    private readonly bool _keepsHidden;

    internal ColumnSelectingTransformer(IHost host, string[] columns, bool keeps, bool keepsHidden)
    {
        Contracts.CheckValue(host, nameof(host));
        Contracts.Check(columns is { Length: > 0 }, "Name at least one column to keep or to drop.");
        (_names, _keeps, _keepsHidden) = (columns, keeps, keepsHidden);
    }

    internal static ColumnSelectingTransformer Load(IHostEnvironment env, ModelLoadContext ctx)
    {
        var (keeps, keepsHidden) = (ctx.Reader.ReadBoolean(), ctx.Reader.ReadBoolean());
        var names = new string[ctx.Reader.ReadInt32()];
        for (var i = 0; i < names.Length; i++)
            names[i] = ctx.LoadNonEmptyString();
        return new(env.Register(nameof(ColumnSelectingTransformer)), names, keeps, keepsHidden);
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
        ctx.Writer.Write(_keeps);
        ctx.Writer.Write(_keepsHidden);
        ctx.Writer.Write(_names.Length);
        foreach (var name in _names)
            ctx.SaveNonEmptyString(name);
    }

    internal bool Selects(string name) => _names.Contains(name) == _keeps;

    internal void CheckPresent(IEnumerable<string> names, string parameter)
    {
        var missing = _names.Except(names).ToArray();
        if (missing.Length > 0)
            throw Contracts.ExceptSchemaMismatch(parameter, "input", string.Join(",", missing));
    }

    private ColumnSelection Select(DataViewSchema inputSchema, string parameter)
    {
        Contracts.CheckValue(inputSchema, parameter);
        CheckPresent(inputSchema.Select(column => column.Name), parameter);
        return new ColumnSelection(inputSchema, _keeps
            ? [.. _names.SelectMany(name => inputSchema.Where(column => column.Name == name && (_keepsHidden || !column.IsHidden)))]
            : [.. inputSchema.Where(column => Selects(column.Name))]);
    }
}
