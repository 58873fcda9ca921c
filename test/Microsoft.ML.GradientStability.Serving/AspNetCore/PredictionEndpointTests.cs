using System.Net;
using System.Text.Json;

namespace Microsoft.ML.GradientStability.Serving.Tests.AspNetCore;

[TestClass]
public sealed class PredictionEndpointTests
{
    private readonly ModelFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    [TestMethod]
    public async Task A_row_is_answered_with_its_prediction()
    {
        await using var service = await TestService.Start(_folder.Write(TestModels.Classifier()));
        var (status, body) = await service.Post("""{"Features":[0,1,0,0]}""");
        Assert.AreEqual(HttpStatusCode.OK, status);
        Assert.AreEqual("green", body.GetProperty("PredictedLabel").GetString());
        CollectionAssert.AreEqual(TestModels.Softmax([0, 1, 0]), body.GetProperty("Score").Deserialize<float[]>(), Comparer<float>.Create((a, b) => Math.Abs(a - b) < 1e-6 ? 0 : 1));
        CollectionAssert.AreEqual(new[] { "Score", "PredictedLabel" }, body.EnumerateObject().Select(p => p.Name).ToArray());
    }

    [TestMethod]
    public async Task Many_rows_are_answered_in_their_order_and_one_in_an_array_by_an_array()
    {
        await using var service = await TestService.Start(_folder.Write(TestModels.Classifier()), new() { MaxBatchSize = 7 });
        var rows = string.Join(',', Enumerable.Range(0, 100).Select(i => $$"""{"Features":[{{(i % 3 == 0 ? 1 : 0)}},{{(i % 3 == 1 ? 1 : 0)}},{{(i % 3 == 2 ? 1 : 0)}},{{i}}]}"""));
        var (_, many) = await service.Post($"[{rows}]");
        CollectionAssert.AreEqual(Enumerable.Range(0, 100).Select(i => service.Predictor.Schema.Classes[i % 3]).ToArray(),
            many.EnumerateArray().Select(row => row.GetProperty("PredictedLabel").GetString()).ToArray());
        var (_, one) = await service.Post("""[{"Features":[0,0,1,0]}]""");
        Assert.AreEqual("blue", one.EnumerateArray().Single().GetProperty("PredictedLabel").GetString());
    }

    [TestMethod]
    public async Task Every_type_is_read_from_JSON_and_written_to_it()
    {
        await using var service = await TestService.Start(_folder.Write(TestModels.Mixed()));
        var (status, body) = await service.Post(
            """{"Boolean":true,"Key":4294967295,"Int64":[-9223372036854775808],"Int32":-2147483648,"Double":1e300,"Single":1.5,"City":"Z\u00fcrich \ud83d\ude00"}""");
        Assert.AreEqual(HttpStatusCode.OK, status, body.ToString());
        Assert.AreEqual("Zürich \U0001F600", body.GetProperty("PredictedLabel").GetString());
        Assert.AreEqual(1.5f, body.GetProperty("EchoSingle").GetSingle());
        Assert.AreEqual(1e300, body.GetProperty("EchoDouble").GetDouble());
        Assert.AreEqual(int.MinValue, body.GetProperty("EchoInt32").GetInt32());
        Assert.AreEqual(long.MinValue, body.GetProperty("EchoInt64").GetInt64());
        Assert.AreEqual(uint.MaxValue, body.GetProperty("EchoKey").GetUInt32());
        Assert.IsTrue(body.GetProperty("EchoBoolean").GetBoolean());
        // 1e300 as Single is infinity, for which JSON has no number.
        Assert.AreEqual(JsonValueKind.Null, body.GetProperty("Score").ValueKind);
    }

    [TestMethod]
    [DataRow("null", "NaN")]
    [DataRow("\"NaN\"", "NaN")]
    [DataRow("\"Infinity\"", "Infinity")]
    [DataRow("\"-Infinity\"", "-Infinity")]
    public async Task A_row_with_a_missing_value_has_no_prediction_and_says_so(string value, string named)
    {
        await using var service = await TestService.Start(_folder.Write(TestModels.Classifier()));
        var (status, body) = await service.Post($$"""[{"Features":[0,{{value}},1,0]},{"Features":[0,0,1,0]}]""");
        Assert.AreEqual(HttpStatusCode.OK, status);
        Assert.AreEqual($"Features[1] is {named}", body[0].GetProperty("missing").GetString());
        Assert.AreEqual(JsonValueKind.Null, body[0].GetProperty("PredictedLabel").ValueKind);
        Assert.IsTrue(body[0].GetProperty("Score").EnumerateArray().All(score => score.ValueKind == JsonValueKind.Null));
        Assert.AreEqual("blue", body[1].GetProperty("PredictedLabel").GetString());
        Assert.IsFalse(body[1].TryGetProperty("missing", out _));
    }

    [TestMethod]
    public async Task A_row_that_the_model_fails_on_is_unprocessable_and_named()
    {
        await using var service = await TestService.Start(_folder.Write(TestModels.Table()));
        var (status, body) = await service.Post("""[{"Key":1},{"Key":99}]""");
        Assert.AreEqual(HttpStatusCode.UnprocessableEntity, status);
        Assert.AreEqual(1, body.GetProperty("row").GetInt32());
        var (_, good) = await service.Post("""{"Key":1}""");
        Assert.AreEqual(11, good.GetProperty("Score").GetSingle());
    }

    [TestMethod]
    public async Task The_model_is_described()
    {
        await using var service = await TestService.Start(_folder.Write(TestModels.Classifier()));
        var model = JsonDocument.Parse(await service.Client.GetStringAsync("/predict")).RootElement;
        Assert.AreEqual(
            """{"model":"model.onnx","task":"multiclass classification","classes":["red","green","blue"],"inputs":[{"name":"Features","type":"Single","shape":[4]}],"outputs":[{"name":"Score","type":"Single","shape":[3]},{"name":"PredictedLabel","type":"Int64","shape":[1]}],"maxRows":1024}""",
            model.GetRawText());
    }

    [TestMethod]
    public async Task OpenAPI_has_the_columns_of_the_model()
    {
        await using var service = await TestService.Start(_folder.Write(TestModels.Mixed()));
        var document = JsonDocument.Parse(await service.Client.GetStringAsync("/openapi.json")).RootElement;
        var post = document.GetProperty("paths").GetProperty("/predict").GetProperty("post");
        var row = post.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("oneOf")[0];
        CollectionAssert.AreEquivalent(service.Predictor.Schema.Inputs.Select(input => input.Name).ToArray(), row.GetProperty("required").Deserialize<string[]>());
        Assert.AreEqual("int64", row.GetProperty("properties").GetProperty("Int64").GetProperty("format").GetString());
        CollectionAssert.AreEquivalent(new[] { "null", "string" }, row.GetProperty("properties").GetProperty("City").GetProperty("type").Deserialize<string[]>());
        Assert.AreEqual(JsonValueKind.False, row.GetProperty("additionalProperties").ValueKind);
        foreach (var status in (string[])["200", "400", "408", "413", "415", "422", "429", "503", "504"])
            Assert.IsTrue(post.GetProperty("responses").TryGetProperty(status, out _), status);
        var result = post.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("oneOf")[0];
        CollectionAssert.AreEquivalent(service.Predictor.Schema.Outputs.Select(output => output.Name).Append("missing").ToArray(),
            result.GetProperty("properties").EnumerateObject().Select(p => p.Name).ToArray());
        Assert.IsTrue(document.GetProperty("paths").GetProperty("/predict").TryGetProperty("get", out _));
    }

    [TestMethod]
    public async Task OpenAPI_names_the_classes_and_the_widths()
    {
        await using var service = await TestService.Start(_folder.Write(TestModels.Classifier()));
        var document = await service.Client.GetStringAsync("/openapi.json");
        var post = JsonDocument.Parse(document).RootElement.GetProperty("paths").GetProperty("/predict").GetProperty("post");
        var features = post.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("oneOf")[0].GetProperty("properties").GetProperty("Features");
        Assert.AreEqual("4 4", $"{features.GetProperty("minItems")} {features.GetProperty("maxItems")}");
        var label = post.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("oneOf")[0].GetProperty("properties").GetProperty("PredictedLabel");
        Assert.AreEqual("""["red","green","blue",null]""", string.Concat(label.GetProperty("enum").GetRawText().Where(c => !char.IsWhiteSpace(c))));
    }
}
