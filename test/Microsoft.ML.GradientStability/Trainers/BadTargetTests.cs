using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability.Tests.Trainers;

/// <summary>Labels, weights and splits that nothing can be learnt from; see <see cref="BadInputTests"/> for the rest.</summary>
[TestClass]
public sealed class BadTargetTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Odd
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [1, 2, 3];

        public double Yes { get; set; }

        public bool Number { get; set; }

        public float Class { get; set; }

        public int Weight { get; set; }

        [KeyType(3)]
        public uint Key { get; set; }
    }

    [TestMethod]
    [DataRow(EveryTask.Binary, "Yes", "Boolean")]
    [DataRow(EveryTask.Regression, "Number", "Single")]
    [DataRow(EveryTask.Multiclass, "Class", "Key")]
    public void A_label_of_the_wrong_type(string task, string column, string expected)
    {
        var error = Refused<ArgumentOutOfRangeException>(task, _ml.Data.LoadFromEnumerable([new Odd()]));
        StringAssert.Contains(error.Message, $"Schema mismatch for label column '{column}': expected {expected}");
        StringAssert.Contains(error.Message, "before the trainer");
    }

    [TestMethod]
    public void A_key_is_no_number()
    {
        var data = _ml.Data.LoadFromEnumerable([new Odd()]);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Regression.Trainers.DeepNetwork("Key").Fit(data)).Message, "expected Single");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Regression.Trainers.DeepNetwork("Key").GetOutputSchema(EveryTask.ShapeOf<Odd>())).Message, "expected Single, got Key");
    }

    [TestMethod]
    [DataRow(EveryTask.Binary, "Yes", "Boolean")]
    [DataRow(EveryTask.Regression, "Number", "Single")]
    public void The_shape_of_a_label_is_refused_before_any_data_is_read(string task, string column, string expected)
    {
        var shape = EveryTask.ShapeOf<Odd>();
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => task == EveryTask.Binary
            ? _ml.BinaryClassification.Trainers.DeepNetwork(column).GetOutputSchema(shape)
            : _ml.Regression.Trainers.DeepNetwork(column).GetOutputSchema(shape));
        StringAssert.Contains(error.Message, $"Schema mismatch for label column '{column}': expected {expected}");
    }

    [TestMethod]
    public void Weights_that_are_missing_or_no_Single()
    {
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        StringAssert.Contains(Refused<ArgumentOutOfRangeException>(EveryTask.Binary, data, o => o.ExampleWeightColumnName = "Importance").Message,
            "Could not find weight column 'Importance'");
        var error = Refused<ArgumentOutOfRangeException>(EveryTask.Multiclass, _ml.Transforms.CopyColumns("Class", "Key").Fit(OddData()).Transform(OddData()),
            o => o.ExampleWeightColumnName = "Weight");
        StringAssert.Contains(error.Message, "Schema mismatch for weight column 'Weight': expected Single");

        var trainer = _ml.Regression.Trainers.DeepNetwork(new DeepNetworkRegressionTrainer.Options { LabelColumnName = "Class", ExampleWeightColumnName = "Weight" });
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(EveryTask.ShapeOf<Odd>())).Message,
            "Schema mismatch for weight column 'Weight': expected Single");

        IDataView OddData() => _ml.Data.LoadFromEnumerable([new Odd()]);
    }

    [TestMethod]
    [DataRow(-1f)]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void A_weight_that_no_row_can_have(float weight)
    {
        var rows = EveryTask.Rows();
        rows[41].Weight = weight;
        var error = Refused<InvalidOperationException>(EveryTask.Regression, EveryTask.Load(_ml, rows), o => o.ExampleWeightColumnName = "Weight");
        StringAssert.Contains(error.Message, $"Row 42 has the weight {weight} in column 'Weight'");
    }

    /// <summary>Rows of weight 0 are passed over, but a row's number is that in the data.</summary>
    [TestMethod]
    public void A_row_keeps_its_number_behind_rows_of_weight_0()
    {
        var rows = EveryTask.Rows();
        (rows[3].Weight, rows[9].Features[2]) = (0, float.NaN);
        var error = Refused<InvalidOperationException>(EveryTask.Regression, EveryTask.Load(_ml, rows), o => o.ExampleWeightColumnName = "Weight");
        StringAssert.Contains(error.Message, "Row 10 has the value NaN in slot 2");
    }

    [TestMethod]
    [DynamicData(nameof(EveryTask.All), typeof(EveryTask))]
    public void Weights_that_are_all_0(string task)
    {
        var rows = EveryTask.Rows();
        foreach (var row in rows)
            row.Weight = 0;
        var error = Refused<InvalidOperationException>(task, EveryTask.Load(_ml, rows), o => o.ExampleWeightColumnName = "Weight");
        StringAssert.Contains(error.Message, "All weights in column 'Weight' are 0");
    }

    [TestMethod]
    [DataRow(float.NaN, "no label")]
    [DataRow(float.NegativeInfinity, "the label -")]
    [DataRow(float.PositiveInfinity, "the label ")]
    public void A_target_that_is_not_finite(float bad, string what)
    {
        var rows = EveryTask.Rows();
        rows[6].Number = bad;
        var error = Refused<InvalidOperationException>(EveryTask.Regression, EveryTask.Load(_ml, rows)).Message;
        StringAssert.StartsWith(error, $"Row 7 has {what}");
        StringAssert.Contains(error, "in column 'Number'");
    }

    [TestMethod]
    public void A_target_that_is_constant()
    {
        var rows = EveryTask.Rows();
        foreach (var row in rows)
            row.Number = 0.1f;
        var error = Refused<InvalidOperationException>(EveryTask.Regression, EveryTask.Load(_ml, rows));
        StringAssert.Contains(error.Message, "in column 'Number'");
        StringAssert.Contains(error.Message, "constant");
    }

    [TestMethod]
    [DataRow(true, "true")]
    [DataRow(false, "false")]
    public void One_answer_only(bool yes, string named)
    {
        var rows = EveryTask.Rows();
        foreach (var row in rows)
            row.Yes = yes;
        StringAssert.Contains(Refused<InvalidOperationException>(EveryTask.Binary, EveryTask.Load(_ml, rows)).Message, $"All 200 rows have the label {named} in column 'Yes'");
    }

    /// <summary>Rows that do not count do not make a second class.</summary>
    [TestMethod]
    public void One_class_only_by_weight()
    {
        var rows = EveryTask.Rows();
        foreach (var row in rows)
            row.Weight = row.Class == 1 ? 1 : 0;
        StringAssert.Contains(Refused<InvalidOperationException>(EveryTask.Multiclass, EveryTask.Load(_ml, rows), o => o.ExampleWeightColumnName = "Weight").Message,
            "rows have the same label (key 2) in column 'Class'");
    }

    [TestMethod]
    public void A_class_without_a_training_row_is_named_on_the_log()
    {
        var warnings = new List<string>();
        _ml.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning)
                warnings.Add(e.RawMessage ?? "");
        };
        var all = _ml.Data.LoadFromEnumerable(Samples.Clusters());
        var twoOfThree = _ml.Data.LoadFromEnumerable(Samples.Clusters().Where(r => r.Label != "green"));
        var map = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(all);
        _ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()).Fit(map.Transform(twoOfThree)).Dispose();
        Assert.HasCount(1, warnings);
        StringAssert.Contains(warnings[0], "No training row of column 'Label' has the label 'green'");
    }

    [TestMethod]
    public void Class_weights_of_another_number_than_the_keys()
    {
        var error = Refused<ArgumentOutOfRangeException>(EveryTask.Multiclass, EveryTask.Load(_ml, EveryTask.Rows()),
            o => ((DeepNetworkMulticlassTrainer.Options)o).ClassWeights = [1, 2]);
        Assert.AreEqual("ClassWeights", error.ParamName);
        StringAssert.Contains(error.Message, "3 keys");
    }

    [TestMethod]
    public void Rows_that_are_all_held_out()
    {
        var seed = Enumerable.Range(0, 100).First(s => new HeldOutRows(0.9, s).Contains(0));
        var error = Refused<InvalidOperationException>(EveryTask.Regression, EveryTask.Load(_ml, EveryTask.Rows(1)), o => (o.ValidationFraction, o.Seed) = (0.9, seed));
        StringAssert.Contains(error.Message, "All 1 rows were held out");
        StringAssert.Contains(error.Message, "ValidationFraction");
    }

    /// <summary>Early stopping on no rows at all would never stop; that is worth an error, not silence.</summary>
    [TestMethod]
    public void A_fraction_that_holds_out_no_row()
    {
        var seed = Enumerable.Range(0, 100).First(s => !Enumerable.Range(0, 6).Any(row => new HeldOutRows(0.1, s).Contains(row)));
        var error = Refused<InvalidOperationException>(EveryTask.Regression, EveryTask.Load(_ml, EveryTask.Rows(6)),
            o => (o.ValidationFraction, o.Seed, o.EarlyStopping) = (0.1, seed, EarlyStopping.After()));
        StringAssert.Contains(error.Message, "ValidationFraction");
    }

    private sealed class Vector
    {
        [VectorType(3)]
        public VBuffer<float> Features { get; set; }

        public float Number { get; set; }
    }

    [TestMethod]
    public void A_row_of_another_width_than_its_type_says()
    {
        var data = _ml.Data.LoadFromEnumerable(new Vector[]
        {
            new() { Features = new VBuffer<float>(3, [1, 2, 3]), Number = 1 },
            new() { Features = new VBuffer<float>(2, [1, 2]), Number = 2 },
        });
        var error = Refused<Exception>(EveryTask.Regression, data);
        Assert.IsInstanceOfType<InvalidOperationException>(error);
    }

    private T Refused<T>(string task, IDataView data, Action<SupervisedOptions>? change = null) where T : Exception =>
        Assert.Throws<T>(() => EveryTask.Fit(_ml, task, data, change));
}
