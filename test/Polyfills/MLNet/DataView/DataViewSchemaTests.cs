using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests.DataView;

[TestClass]
public sealed class DataViewSchemaTests
{
    [TestMethod]
    public void A_later_column_hides_the_one_of_its_name()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single);
        builder.AddColumn("B", NumberDataViewType.Single);
        builder.AddColumn("A", TextDataViewType.Instance);
        var schema = builder.ToSchema();

        Assert.AreEqual(3, schema.Count);
        Assert.AreEqual(2, schema["A"].Index);
        Assert.IsTrue(schema[0].IsHidden);
        Assert.IsFalse(schema[2].IsHidden);
    }

    [TestMethod]
    public void A_column_that_is_not_there_is_null_or_an_error()
    {
        var schema = new DataViewSchema.Builder().ToSchema();
        Assert.IsNull(schema.GetColumnOrNull("A"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => schema["A"]);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => schema[0]);
        Assert.ThrowsExactly<ArgumentNullException>(() => schema.GetColumnOrNull(null!));
    }

    [TestMethod]
    public void Annotations_are_found_by_kind()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        annotations.Add<VBuffer<ReadOnlyMemory<char>>>("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2),
            (ref VBuffer<ReadOnlyMemory<char>> dst) => dst = new(2, ["a".AsMemory(), "b".AsMemory()]));
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());
        var column = builder.ToSchema()["Features"];

        Assert.IsTrue(column.IsNormalized());
        Assert.IsTrue(column.HasSlotNames());
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        CollectionAssert.AreEqual(new[] { "a", "b" }, names.DenseValues().Select(n => n.ToString()).ToArray());
        Assert.IsFalse(column.HasKeyValues());
        Assert.AreEqual("Features: Vector<Single, 2> {IsNormalized, SlotNames}", column.ToString());
    }

    [TestMethod]
    public void Slot_names_of_another_size_do_not_count()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add<VBuffer<ReadOnlyMemory<char>>>("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 3),
            (ref VBuffer<ReadOnlyMemory<char>> dst) => dst = default);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());
        Assert.IsFalse(builder.ToSchema()["Features"].HasSlotNames());
    }

    [TestMethod]
    public void Key_values_must_fit_the_key()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add<VBuffer<float>>("KeyValues", new VectorDataViewType(NumberDataViewType.Single, 2),
            (ref VBuffer<float> dst) => dst = new(2, [10f, 20f]));
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Fits", new KeyDataViewType(typeof(uint), 2), annotations.ToAnnotations());
        builder.AddColumn("Other", new KeyDataViewType(typeof(uint), 3), annotations.ToAnnotations());
        var schema = builder.ToSchema();

        Assert.IsTrue(schema["Fits"].HasKeyValues(NumberDataViewType.Single));
        Assert.IsFalse(schema["Fits"].HasKeyValues());
        Assert.IsFalse(schema["Other"].HasKeyValues(NumberDataViewType.Single));
        VBuffer<float> values = default;
        schema["Fits"].GetKeyValues(ref values);
        Assert.AreEqual(20f, values.GetItemOrDefault(1));
    }

    [TestMethod]
    public void An_annotation_must_be_of_its_type()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        Assert.ThrowsExactly<ArgumentException>(() => annotations.Add<float>("A", NumberDataViewType.Double, (ref float dst) => dst = 0));
        annotations.AddPrimitiveValue("A", NumberDataViewType.Single, 1f);
        var value = 0.0;
        Assert.ThrowsExactly<InvalidOperationException>(() => annotations.ToAnnotations().GetValue("A", ref value));
        Assert.ThrowsExactly<InvalidOperationException>(() => annotations.ToAnnotations().GetValue("B", ref value));
    }

    [TestMethod]
    public void Annotations_can_be_taken_over_by_name()
    {
        var source = new DataViewSchema.Annotations.Builder();
        source.AddPrimitiveValue("Keep", NumberDataViewType.Single, 1f);
        source.AddPrimitiveValue("Drop", NumberDataViewType.Single, 2f);
        var target = new DataViewSchema.Annotations.Builder();
        target.Add(source.ToAnnotations(), kind => kind == "Keep");
        CollectionAssert.AreEqual(new[] { "Keep" }, target.ToAnnotations().Schema.Select(c => c.Name).ToArray());
    }
}
