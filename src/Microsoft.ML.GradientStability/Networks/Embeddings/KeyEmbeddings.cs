using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>The embeddings of all columns of keys, side by side: batch × slots becomes batch × width. They stand beside the numbers of a row, before its first layer.</summary>
internal sealed class KeyEmbeddings : NetworkPart
{
    private readonly KeyEmbedding[] _embeddings;

    /// <param name="columns">Those of keys, in the order of a row; one at least.</param>
    /// <param name="width">Numbers a key; by default by the number of keys.</param>
    /// <param name="origin">What the vectors are drawn from.</param>
    public KeyEmbeddings(IReadOnlyList<KeyColumn> columns, int? width, in Origin origin) : base("keys")
    {
        _embeddings = new KeyEmbedding[columns.Count];
        for (var i = 0; i < columns.Count; i++)
        {
            _embeddings[i] = new KeyEmbedding(i + 1, columns[i], columns[i].Width(width), origin);
            register_module(_embeddings[i].Name, _embeddings[i]);
        }
        Slots = _embeddings.Sum(embedding => embedding.Inputs);
        Width = _embeddings.Sum(embedding => embedding.Units);
        Layers = _embeddings;
    }

    /// <summary>Keys a row.</summary>
    public int Slots { get; }

    /// <summary>Numbers that are made of them.</summary>
    public int Width { get; }

    public override IReadOnlyList<Layer> Layers { get; }

    public override Tensor forward(Tensor input)
    {
        var start = 0L;
        return cat([.. _embeddings.Select(embedding => embedding.forward(input.narrow(1, (start += embedding.Inputs) - embedding.Inputs, embedding.Inputs)))], 1);
    }

    public override Tensor LinearOutput(Layer layer, Tensor input) => forward(input);

    /// <summary>It written out.</summary>
    /// <param name="numbers">Numbers of a row that stand before what it makes.</param>
    public Lookup WriteOut(int numbers) => new([.. _embeddings.Select(embedding => (embedding.Inputs, embedding.Keys, embedding.Width, new Learned(embedding.Weight)))], numbers, numbers + Width);

    public override string WriteOnnx(OnnxGraph graph, string input, string path)
    {
        var (start, vectors) = (0, new List<string>());
        foreach (var embedding in _embeddings)
        {
            var own = $"{path}.{embedding.Name}";
            var slots = graph.Constant($"{own}.slots", [.. Enumerable.Range(start, embedding.Inputs).Select(slot => (long)slot)]);
            vectors.Add(embedding.WriteOnnx(graph, graph.Add("Gather", [input, slots], $"{own}.keys", ("axis", 1)), own));
            start += embedding.Inputs;
        }
        return vectors.Count == 1 ? vectors[0] : graph.Add("Concat", [.. vectors], path, ("axis", 1));
    }

    /// <summary>
    /// Puts the vectors of a row's keys behind its numbers. With G = ∂L/∂output, the gradient of a vector is Σ G over the rows and slots that have its key.
    /// </summary>
    /// <param name="tables">A column each: slots, keys, numbers a key, and the vectors.</param>
    /// <param name="numbers">Numbers of a row.</param>
    /// <param name="width">Of what it gives.</param>
    internal sealed unsafe class Lookup((int Slots, int Keys, int Width, Learned Vectors)[] tables, int numbers, int width)
    {
        private readonly Block _output = new(width);
        private readonly int _slots = tables.Sum(table => table.Slots);
        private int[] _keys = [];

        /// <summary>Numbers of a row.</summary>
        public int Numbers => numbers;

        /// <param name="row">Numbers (rows × numbers).</param>
        /// <param name="features">Rows whose last numbers are the keys.</param>
        public Block Forward(Block row, Block features)
        {
            _output.Of(row.Rows);
            if (_keys.Length < row.Rows * _slots)
                _keys = new int[row.Rows * _slots];
            var key = 0;
            for (var r = 0; r < row.Rows; r++)
            {
                row.RowValues(r).CopyTo(_output.RowValues(r));
                var from = features.Row(r) + features.Width - _slots;
                var to = _output.Row(r) + numbers;
                foreach (var (slots, keys, columns, vectors) in tables)
                    for (var slot = 0; slot < slots; slot++, from++, to += columns)
                    {
                        var number = *from > 0.5f && *from < keys + 0.5f ? (int)MathF.Round(*from) : 0;
                        _keys[key++] = number;
                        new ReadOnlySpan<float>(vectors.Values + (nint)number * columns, columns).CopyTo(new Span<float>(to, columns));
                    }
            }
            return _output;
        }

        /// <summary>Adds the gradients of the vectors of the last rows to theirs.</summary>
        /// <param name="gradient">∂L/∂output.</param>
        public void Backward(Block gradient)
        {
            var key = 0;
            for (var r = 0; r < gradient.Rows; r++)
            {
                var from = gradient.Row(r) + numbers;
                foreach (var (slots, _, columns, vectors) in tables)
                    for (var slot = 0; slot < slots; slot++, from += columns)
                    {
                        var to = vectors.Gradients + (nint)_keys[key++] * columns;
                        for (var i = 0; i < columns; i++)
                            to[i] += from[i];
                    }
            }
        }
    }
}
