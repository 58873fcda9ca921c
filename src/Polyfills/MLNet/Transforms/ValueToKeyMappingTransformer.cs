using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TermTransform";
    private const string Vocabulary = "Vocabulary";
    private const string VocabularySignature = "TermManager";

    private readonly TermMap[] _maps;
    private readonly bool _annotationsAsText;

    private ValueToKeyMappingTransformer(
        IHost host, (string outputColumnName, string inputColumnName)[] columns, TermMap[] maps, bool annotationsAsText)
        : base(host, columns)
    {
        _maps = maps;
        _annotationsAsText = annotationsAsText;
    }

    private ValueToKeyMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _annotationsAsText = ctx.Reader.ReadBoolean();
        _maps = new TermMap[ColumnPairs.Length];
        var found = ctx.TryProcessSubModel(Vocabulary, vocabulary =>
        {
            for (var i = 0; i < _maps.Length; i++)
                _maps[i] = TermMap.Load(vocabulary.Reader);
        });
        Contracts.CheckDecode(found, $"Missing {Vocabulary} model");
    }

    internal static ValueToKeyMappingTransformer Train(
        IHost host,
        IDataView input,
        (string outputColumnName, string inputColumnName)[] columns,
        ValueToKeyMappingEstimator.Options options)
    {
        Contracts.CheckParam(options.MaximumNumberOfKeys > 0, nameof(options.MaximumNumberOfKeys), "Must be positive");
        using var channel = host.Start("Training");
        var sources = columns.Select(pair => FindSource(input.Schema, pair.inputColumnName)).ToArray();
        var builders = sources.Select(source => TermMapBuilder.Create(source.Type, options.MaximumNumberOfKeys)).ToArray();

        if (options.KeyData is { } keyData)
        {
            foreach (var builder in builders)
                builder.AddAllOf(keyData);
        }
        else
        {
            TermMapBuilder.AddRows(input, sources, builders);
        }

        for (var i = 0; i < builders.Length; i++)
        {
            if (builders[i].Count == 0)
                channel.Warning($"Term map for output column '{columns[i].outputColumnName}' contains no entries.");
        }
        var maps = builders.Select(builder => builder.Build(options.Ordinality)).ToArray();
        return new(host.Register(nameof(ValueToKeyMappingTransformer)), columns, maps, options.AnnotationsAsText);
    }

    internal static ValueToKeyMappingTransformer Load(IHostEnvironment env, ModelLoadContext ctx) =>
        new(env.Register(nameof(ValueToKeyMappingTransformer)), ctx);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(LoaderSignature);
        SaveColumns(ctx);
        ctx.Writer.Write(_annotationsAsText);
        ctx.SaveSubModel(Vocabulary, vocabulary =>
        {
            vocabulary.SetVersionInfo(VocabularySignature);
            foreach (var map in _maps)
                map.Save(vocabulary.Writer);
            vocabulary.SaveTextStream("Terms.txt", WriteTerms);
        });
    }

    internal override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int iinfo, int srcCol)
    {
        FindSource(inputSchema, inputSchema[srcCol].Name);
        var (known, itemType) = (_maps[iinfo].ItemType, inputSchema[srcCol].Type.GetItemType());
        Contracts.Check(itemType.Equals(known),
            $"Could not apply a map over type '{known}' to column '{inputSchema[srcCol].Name}' since it has type '{itemType}'");
    }

    private static DataViewSchema.Column FindSource(DataViewSchema inputSchema, string name)
    {
        if (!inputSchema.TryGetColumn(name, out var column))
            throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
        if (!column.Type.GetItemType().IsStandardScalar())
        {
            throw Contracts.ExceptSchemaMismatch(
                nameof(inputSchema), "input", name, "standard type or a vector of standard type", column.Type.ToString()!);
        }
        return column;
    }

    private void WriteTerms(TextWriter writer)
    {
        foreach (var map in _maps)
        {
            writer.WriteLine($"# Number of terms = {map.Count}");
            var id = 0;
            foreach (var term in map.TermsAsText())
                writer.WriteLine($"{id++}\t{term}");
        }
    }

    private sealed class Mapper(ValueToKeyMappingTransformer parent, DataViewSchema inputSchema) : OneToOneMapper(parent, inputSchema)
    {
        private readonly ValueToKeyMappingTransformer _parent = parent;

        protected override DataViewSchema.DetachedColumn[] GetOutputColumns() => [.. SourceColumns.Select((source, i) =>
        {
            var map = _parent._maps[i];
            var annotations = new DataViewSchema.Annotations.Builder();
            if (map.Count > 0)
                map.AddKeyValues(annotations, _parent._annotationsAsText);
            annotations.Add(InputSchema[source].Annotations, name => name == AnnotationNames.SlotNames);
            var type = InputSchema[source].Type is VectorDataViewType vector
                ? new VectorDataViewType(map.KeyType, vector.Dimensions)
                : (DataViewType)map.KeyType;
            return new DataViewSchema.DetachedColumn(Parent.ColumnPairs[i].outputColumnName, type, annotations.ToAnnotations());
        })];

        protected override Delegate MakeGetter(DataViewRow input, int iOut, Func<int, bool> isOutputActive, out Action? disposer)
        {
            disposer = null;
            return _parent._maps[iOut].MakeGetter(input, input.Schema[SourceColumns[iOut]]);
        }
    }
}
