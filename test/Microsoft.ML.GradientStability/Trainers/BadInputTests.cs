using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Trainers;

/// <summary>Every bad input is refused with the kind of exception that ML.NET throws, naming what, where, and what to do.</summary>
[TestClass]
public sealed class BadInputTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class ScalarRow
    {
        public float Features { get; set; }

        [KeyType(3)]
        public uint Label { get; set; }
    }

    private sealed class VariableRow
    {
        public float[] Features { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }
    }

    private sealed class DoubleRow
    {
        [VectorType(2)]
        public double[] Features { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }
    }

    private sealed class TextRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }

    private sealed class KeyRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }
    }

    [TestMethod]
    public void A_missing_feature_column()
    {
        var error = Refused<ArgumentOutOfRangeException>(Samples.KeyedClusters(_ml), o => o.FeatureColumnName = "Pixels");
        StringAssert.Contains(error.Message, "Could not find feature column 'Pixels'");
        StringAssert.Contains(error.Message, "'Features'");
    }

    [TestMethod]
    public void A_missing_label_column()
    {
        var error = Refused<ArgumentOutOfRangeException>(Samples.KeyedClusters(_ml), o => o.LabelColumnName = "Class");
        StringAssert.Contains(error.Message, "Could not find label column 'Class'");
    }

    [TestMethod]
    public void Features_that_are_no_vector_of_Single_of_known_size()
    {
        foreach (var data in new[]
        {
            _ml.Data.LoadFromEnumerable([new ScalarRow { Label = 1 }]),
            _ml.Data.LoadFromEnumerable([new VariableRow { Features = [1, 2], Label = 1 }]),
            _ml.Data.LoadFromEnumerable([new DoubleRow { Features = [1, 2], Label = 1 }]),
        })
        {
            var error = Refused<ArgumentOutOfRangeException>(data);
            StringAssert.Contains(error.Message, "Schema mismatch for feature column 'Features': expected a known-size vector of Single");
            StringAssert.Contains(error.Message, "Concatenate");
        }
    }

    [TestMethod]
    public void A_label_that_is_no_key()
    {
        var error = Refused<ArgumentOutOfRangeException>(_ml.Data.LoadFromEnumerable([new TextRow { Features = [1, 2], Label = "a" }]));
        StringAssert.Contains(error.Message, "Schema mismatch for label column 'Label': expected Key");
        StringAssert.Contains(error.Message, "MapValueToKey");
    }

    [TestMethod]
    public void No_rows()
    {
        var error = Refused<InvalidOperationException>(_ml.Data.LoadFromEnumerable(Array.Empty<KeyRow>()));
        StringAssert.Contains(error.Message, "0 rows");
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void A_feature_that_is_not_finite(float bad)
    {
        var error = Refused<InvalidOperationException>(Keys(([1, 2], 1), ([3, bad], 2)));
        StringAssert.Contains(error.Message, $"Row 2 has the value {bad} in slot 1 of column 'Features'");
        StringAssert.Contains(error.Message, "ReplaceMissingValues");
    }

    [TestMethod]
    public void A_feature_that_is_not_finite_is_named_where_slots_have_names()
    {
        var data = _ml.Transforms.Concatenate("All", "Width", "Height").Append(_ml.Transforms.CopyColumns("Features", "All"))
            .Fit(Named(1)).Transform(Named(float.NaN));
        StringAssert.Contains(Refused<InvalidOperationException>(data).Message, "in slot 1 ('Height') of column 'Features'");

        IDataView Named(float height) => _ml.Data.LoadFromEnumerable([new NamedRow { Width = 1, Height = height, Label = 1 }]);
    }

    private sealed class NamedRow
    {
        public float Width { get; set; }

        public float Height { get; set; }

        [KeyType(3)]
        public uint Label { get; set; }
    }

    [TestMethod]
    public void A_missing_label()
    {
        var error = Refused<InvalidOperationException>(Keys(([1, 2], 1), ([3, 4], 2), ([5, 6], 0)));
        StringAssert.Contains(error.Message, "Row 3 has no label in column 'Label'");
    }

    [TestMethod]
    public void A_single_class()
    {
        var error = Refused<InvalidOperationException>(Keys(([1, 2], 2), ([3, 4], 2)));
        StringAssert.Contains(error.Message, "All 2 rows have the same label (key 2)");
    }

    [TestMethod]
    public void The_shape_of_a_schema_is_refused_before_any_data_is_read()
    {
        var shape = _ml.Transforms.CustomMapping<NoColumns, TextRow>((_, _) => { }, contractName: null).GetOutputSchema(new SchemaShape([]));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.MulticlassClassification.Trainers.DeepNetwork().GetOutputSchema(shape));
        StringAssert.Contains(error.Message, "Schema mismatch for label column 'Label': expected Key");
    }

    private sealed class NoColumns;

    /// <summary>Rows with keys as a data view has them, from 1, 0 for none; a row object counts from 0 and has none beyond the count.</summary>
    private IDataView Keys(params (float[] Features, uint Key)[] rows) =>
        _ml.Data.LoadFromEnumerable(rows.Select(r => new KeyRow { Features = r.Features, Label = r.Key == 0 ? 99 : r.Key - 1 }));

    private T Refused<T>(IDataView data, Action<DeepNetworkMulticlassTrainer.Options>? change = null) where T : Exception
    {
        var options = Samples.Small();
        change?.Invoke(options);
        return Assert.ThrowsExactly<T>(() => _ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(data));
    }
}
