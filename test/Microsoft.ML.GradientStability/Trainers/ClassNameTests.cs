using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.Tests.Data;

namespace Microsoft.ML.GradientStability.Tests.Trainers;

/// <summary>Keys of any count and with any names: told apart after loading too, or refused before training.</summary>
[TestClass]
public sealed class ClassNameTests
{
    private readonly Logged _log = new();

    private sealed class Keyed
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public uint Key { get; set; }

        public ulong Long { get; set; }
    }

    [TestMethod]
    public void Equal_names_are_refused_and_the_advice_works()
    {
        var names = KeyedView.Named<ReadOnlyMemory<char>>(TextDataViewType.Instance, "a".AsMemory(), "b".AsMemory(), "xa".AsMemory(1));
        var data = new KeyedView(Rows(), "Key", new KeyDataViewType(typeof(uint), 3), names);
        var error = Refused(data);
        StringAssert.Contains(error.Message, "In column 'Key' keys 1 and 3 are both called 'a'");
        StringAssert.Contains(error.Message, "MapKeyToValue(\"Key\") and MapValueToKey(\"Key\")");

        var prepare = _log.Ml.Transforms.Conversion.MapKeyToValue("Key").Append(_log.Ml.Transforms.Conversion.MapValueToKey("Key"));
        using var model = Fit(prepare.Fit(data).Transform(data));
        Assert.AreEqual("2", $"{((KeyDataViewType)model.GetOutputSchema(prepare.Fit(data).Transform(data).Schema)["PredictedLabel"].Type).Count}");
    }

    [TestMethod]
    public void A_key_without_a_name_is_refused()
    {
        StringAssert.Contains(Refused(new KeyedView(Rows(), "Key", new KeyDataViewType(typeof(uint), 3),
            KeyedView.Named(TextDataViewType.Instance, "a".AsMemory(), default, "c".AsMemory()))).Message, "key 2 has no name");
        StringAssert.Contains(Refused(new KeyedView(Rows(), "Key", new KeyDataViewType(typeof(uint), 3),
            KeyedView.Named(NumberDataViewType.Single, 1f, 2f, float.NaN))).Message, "key 3 has no name");
        StringAssert.Contains(Refused(new KeyedView(Rows(), "Key", new KeyDataViewType(typeof(uint), 3),
            KeyedView.Named(NumberDataViewType.Double, double.NaN, 2, 3))).Message, "key 1 has no name");
        StringAssert.Contains(Refused(new KeyedView(Rows(), "Key", new KeyDataViewType(typeof(uint), 3),
            KeyedView.Named(NumberDataViewType.Single, 0f, 2f, -0f))).Message, "keys 1 and 3");
    }

    [TestMethod]
    public void Odd_names_that_differ_are_kept_apart_by_a_loaded_model()
    {
        var data = new KeyedView(Rows(), "Key", new KeyDataViewType(typeof(uint), 3), KeyedView.Named(TextDataViewType.Instance, "a".AsMemory(), "A".AsMemory(), " ".AsMemory()));
        using var model = Fit(data);
        var loaded = EveryTask.SaveAndLoad(model, data.Schema);
        CollectionAssert.AreEqual(model.Transform(data).GetColumn<uint>("PredictedLabel").ToArray(), loaded.Transform(data).GetColumn<uint>("PredictedLabel").ToArray());
    }

    [TestMethod]
    public void A_key_beyond_the_count_of_its_type_is_refused()
    {
        var error = Refused(new KeyedView(Rows(), "Key", new KeyDataViewType(typeof(uint), 2)));
        StringAssert.Contains(error.Message, "Row 3 has a key beyond the count of its type in column 'Key'");
    }

    [TestMethod]
    [DataRow((ulong)int.MaxValue)]
    [DataRow((ulong)int.MaxValue - 1)]
    [DataRow((1UL << 24) + 1)]
    [DataRow(ulong.MaxValue)]
    public void More_keys_than_can_be_told_apart_are_refused_at_once_and_the_advice_works(ulong count)
    {
        var data = new KeyedView(Rows(), "Long", new KeyDataViewType(typeof(ulong), count));
        var before = GC.GetTotalAllocatedBytes();
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Fit(data, "Long"));
        Assert.IsLessThan(10 << 20, GC.GetTotalAllocatedBytes() - before);
        StringAssert.Contains(error.Message, $"expected at most 16777216 keys, got {count}");
        StringAssert.Contains(error.Message, "MapValueToKey(\"Long\")");
        using var model = Fit(_log.Ml.Transforms.Conversion.MapValueToKey("Long").Fit(data).Transform(data), "Long");
    }

    [TestMethod]
    public void A_network_that_no_file_can_hold_is_refused_before_it_is_made()
    {
        var data = new KeyedView(Rows(), "Key", new KeyDataViewType(typeof(uint), 10_000_000));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Fit(data, units: 64));
        StringAssert.Contains(error.Message, "weights");
        StringAssert.Contains(error.Message, "HiddenUnits");
    }

    /// <summary>A million classes: scored in small batches, compared, and spoken of in one line.</summary>
    [TestMethod]
    public void A_million_classes()
    {
        var data = new KeyedView(Rows(), "Key", new KeyDataViewType(typeof(uint), 1_000_000));
        using var model = Fit(data, units: 1);
        Assert.IsTrue(model.Transform(data).GetColumn<float[]>("Score").First().All(float.IsFinite));
        Assert.HasCount(1, _log.Warnings);
        StringAssert.Contains(_log.Warnings[0], "and 999987 more");
        Assert.IsLessThan(500, _log.Warnings[0].Length);
    }

    private IDataView Rows() => _log.Ml.Data.LoadFromEnumerable(EveryTask.Rows(60).Select((r, i) => new Keyed { Features = r.Features, Key = 1 + (uint)i % 3, Long = 1 + (ulong)i % 3 }));

    private DeepNetworkTransformer Fit(IDataView data, string label = "Key", int units = 4) =>
        _log.Ml.MulticlassClassification.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkMulticlassTrainer.Options>(label, o =>
        {
            (o.Epochs, o.Detectors, o.Network) = (1, [], Network.FeedForward(units) with { Normalization = Normalization.None });
        })).Fit(data);

    private InvalidOperationException Refused(IDataView data) => Assert.ThrowsExactly<InvalidOperationException>(() => Fit(data));
}
