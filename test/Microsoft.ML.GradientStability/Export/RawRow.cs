using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.GradientStability.Tests.Export;

/// <summary>A row as it comes from a file: text, numbers with gaps, whole numbers.</summary>
internal sealed class RawRow
{
    public string City { get; set; } = "";

    public string Comment { get; set; } = "";

    public int Floor { get; set; }

    public long Code { get; set; }

    public float Size { get; set; }

    public float Age { get; set; }

    public double Price { get; set; }

    [VectorType(3)]
    public float[] Signal { get; set; } = [];

    public bool IsNew { get; set; }

    public string Label { get; set; } = "";

    public bool Sold { get; set; }

    public float Rent { get; set; }

    public static RawRow[] Many(int rows, int seed)
    {
        var random = new Random(seed);
        string[] cities = ["Rome", "Paris", "Oslo"];
        string[] comments = ["quiet and bright", "loud street below", "bright kitchen", "needs paint quiet"];
        return [.. Enumerable.Range(0, rows).Select(i =>
        {
            var city = random.Next(3);
            var size = 20 + 80 * random.NextSingle();
            return new RawRow
            {
                City = cities[city],
                Comment = comments[random.Next(4)],
                Floor = random.Next(5),
                Code = 100 + random.Next(4),
                Size = size,
                Age = random.Next(6) == 0 ? float.NaN : random.Next(50),
                Price = 1000 * size + random.Next(100),
                Signal = [random.NextSingle(), 10 * random.NextSingle(), random.NextSingle() - 1],
                IsNew = random.Next(2) == 0,
                Label = size > 60 ? "large" : city == 0 ? "roman" : "small",
                Sold = size > 50,
                Rent = 10 * size + 100 * city,
            };
        })];
    }

    /// <summary>The inputs of a session, from the members that are called so.</summary>
    public static List<NamedOnnxValue> Feed(InferenceSession session, IReadOnlyList<RawRow> rows) =>
    [
        .. session.InputMetadata.Keys.Select(name => name switch
        {
            nameof(City) => Of(name, rows, r => r.City),
            nameof(Comment) => Of(name, rows, r => r.Comment),
            nameof(Floor) => Of(name, rows, r => r.Floor),
            nameof(Code) => Of(name, rows, r => r.Code),
            nameof(Size) => Of(name, rows, r => r.Size),
            nameof(Age) => Of(name, rows, r => r.Age),
            nameof(Price) => Of(name, rows, r => r.Price),
            nameof(Signal) => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(rows.SelectMany(r => r.Signal).ToArray(), [rows.Count, 3])),
            nameof(IsNew) => Of(name, rows, r => r.IsNew),
            _ => throw new ArgumentException($"no column {name}"),
        }),
    ];

    private static NamedOnnxValue Of<T>(string name, IReadOnlyList<RawRow> rows, Func<RawRow, T> value) =>
        NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(rows.Select(value).ToArray(), [rows.Count, 1]));
}
