using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability.Tests.Tasks.Multiclass;

[TestClass]
public sealed class AbsentClassTests
{
    [TestMethod]
    public void A_class_without_a_training_row_is_named_on_the_log()
    {
        var ml = new MLContext(seed: 1);
        var warnings = new List<string>();
        ml.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning)
                warnings.Add(e.RawMessage ?? "");
        };
        var all = ml.Data.LoadFromEnumerable(Samples.Clusters());
        var twoOfThree = ml.Data.LoadFromEnumerable(Samples.Clusters().Where(r => r.Label != "green"));
        var map = ml.Transforms.Conversion.MapValueToKey("Label").Fit(all);
        ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()).Fit(map.Transform(twoOfThree)).Dispose();
        Assert.HasCount(1, warnings);
        StringAssert.Contains(warnings[0], "No training row of column 'Label' has the label 'green'");
    }
}
