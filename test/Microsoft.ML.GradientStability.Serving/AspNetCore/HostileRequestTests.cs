using System.Net;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.GradientStability.Serving.Tests.AspNetCore;

[TestClass]
public sealed class HostileRequestTests
{
    private static readonly ModelFolder s_folder = new();
    private static TestService s_service = null!;

    [ClassInitialize]
    public static async Task Start(TestContext _) => s_service = await TestService.Start(s_folder.Write(TestModels.Mixed()));

    [ClassCleanup]
    public static async Task Stop()
    {
        await s_service.DisposeAsync();
        s_folder.Dispose();
    }

    private const string Good = """{"City":"Bern","Single":1,"Double":1,"Int32":1,"Int64":1,"Key":1,"Boolean":true}""";

    [TestMethod]
    [DataRow("", "The body is no JSON of rows")]
    [DataRow("{", "The body is no JSON of rows")]
    [DataRow("[", "The body is no JSON of rows")]
    [DataRow(Good + Good, "The body is no JSON of rows")]
    [DataRow(Good + "]", "The body is no JSON of rows")]
    [DataRow("[] x", "There are no rows.")]
    [DataRow("{\"City\":\"Bern\",}", "The body is no JSON of rows")]
    [DataRow("/* no */ {}", "The body is no JSON of rows")]
    [DataRow("{'City':'Bern'}", "The body is no JSON of rows")]
    [DataRow("{\"Single\":NaN}", "The body is no JSON of rows")]
    [DataRow("{\"Single\":01}", "The body is no JSON of rows")]
    [DataRow("null", "The body has to be an object, one row, or an array of them.")]
    [DataRow("\"row\"", "The body has to be an object, one row, or an array of them.")]
    [DataRow("17", "The body has to be an object, one row, or an array of them.")]
    [DataRow("[]", "There are no rows.")]
    [DataRow("[1]", "Row 0 is no object.")]
    [DataRow("[[1]]", "Row 0 is no object.")]
    [DataRow("[{},null]", "Row 1 is no object.")]
    public async Task A_body_that_is_no_rows_is_refused(string body, string detail) => await Refused(body, detail);

    [TestMethod]
    [DataRow("\"City\":\"Bern\"", "\"Town\":\"Bern\"", "Town", "The model has no input 'Town'; it takes City: Text, Single: Single,")]
    [DataRow("\"City\":\"Bern\"", "\"city\":\"Bern\"", "city", "The model has no input 'city'")]
    [DataRow("\"City\":\"Bern\"", "\"\\ud800\":1", "\\ud800", "The model has no input '\\ud800'")]
    [DataRow("\"City\":\"Bern\",", "", "City", "'City' is missing; the model takes City: Text, ")]
    [DataRow("\"City\":\"Bern\"", "\"City\":\"Bern\",\"City\":\"Basel\"", "City", "'City' is given twice.")]
    [DataRow("\"Bern\"", "7", "City", "'City' is 7, which is no Text.")]
    [DataRow("\"Bern\"", "[]", "City", "'City' has 0 values; the model takes City: Text.")]
    [DataRow("\"Bern\"", "[\"Bern\",\"Basel\"]", "City", "'City' has more than 1 values; the model takes City: Text.")]
    [DataRow("\"Bern\"", "{}", "City", "'City' is StartObject, which is no Text.")]
    [DataRow("\"Single\":1", "\"Single\":\"1\"", "Single", "'Single' is 1, which is no Single.")]
    [DataRow("\"Single\":1", "\"Single\":\"\"", "Single", "'Single' is \"\", which is no Single.")]
    [DataRow("\"Single\":1", "\"Single\":1e39", "Single", "'Single' is 1e39, which is no Single.")]
    [DataRow("\"Single\":1", "\"Single\":true", "Single", "'Single' is true, which is no Single.")]
    [DataRow("\"Single\":1", "\"Single\":\"\\ud800\"", "Single", "'Single' is \\ud800, which is no Single.")]
    [DataRow("\"Double\":1", "\"Double\":-1e400", "Double", "'Double' is -1e400, which is no Double.")]
    [DataRow("\"Double\":1", "\"Double\":\"nan\"", "Double", "'Double' is nan, which is no Double.")]
    [DataRow("\"Int32\":1", "\"Int32\":2147483648", "Int32", "'Int32' is 2147483648, which is no Int32.")]
    [DataRow("\"Int32\":1", "\"Int32\":1.5", "Int32", "'Int32' is 1.5, which is no Int32.")]
    [DataRow("\"Int32\":1", "\"Int32\":null", "Int32", "'Int32' is null, which is no Int32.")]
    [DataRow("\"Int64\":1", "\"Int64\":9223372036854775808", "Int64", "'Int64' is 9223372036854775808, which is no Int64.")]
    [DataRow("\"Int64\":1", "\"Int64\":11111111111111111111111111111111111111111111111111", "Int64", "'Int64' is 1111111111111111111111111111111111111111…, which is no Int64.")]
    [DataRow("\"Key\":1", "\"Key\":-1", "Key", "'Key' is -1, which is no UInt32.")]
    [DataRow("\"Boolean\":true", "\"Boolean\":1", "Boolean", "'Boolean' is 1, which is no Boolean.")]
    [DataRow("\"Boolean\":true", "\"Boolean\":\"true\"", "Boolean", "'Boolean' is true, which is no Boolean.")]
    public async Task A_row_that_does_not_fit_is_refused_with_its_number_and_the_field(string good, string bad, string field, string detail)
    {
        var problem = await Refused($"[{Good},{Good.Replace(good, bad)}]", detail);
        Assert.AreEqual(1, problem.GetProperty("row").GetInt32());
        Assert.AreEqual(field, problem.GetProperty("field").GetString());
    }

    [TestMethod]
    public async Task JSON_that_is_nested_without_end_is_refused()
    {
        await Refused(new string('[', 100_000), "Row 0 is no object.");
        await Refused($"[{{\"City\":{new string('[', 100_000)}", "The maximum configured depth of 3 has been exceeded.");
        await Refused($"{{\"City\":{new string('[', 100_000)}", "'City' is StartArray, which is no Text.");
    }

    [TestMethod]
    public async Task Bytes_that_are_no_UTF_8_are_refused_or_replaced()
    {
        var (status, body) = await s_service.Post([.. "{\"City\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        Assert.AreEqual(HttpStatusCode.BadRequest, status, body.ToString());
        (status, body) = await s_service.Post([0xFF, 0xFE, 0, 0]);
        Assert.AreEqual(HttpStatusCode.BadRequest, status, body.ToString());
        (status, body) = await s_service.Post(Good.Replace("Bern", "\\ud800"));
        Assert.AreEqual(HttpStatusCode.OK, status, body.ToString());
    }

    [TestMethod]
    [DataRow("text/plain")]
    [DataRow("application/x-www-form-urlencoded")]
    [DataRow(null)]
    public async Task A_body_that_is_not_sent_as_JSON_is_refused(string? type)
    {
        var (status, body) = await s_service.Post(Encoding.UTF8.GetBytes(Good), type);
        Assert.AreEqual(HttpStatusCode.UnsupportedMediaType, status);
        StringAssert.Contains(body.GetProperty("detail").GetString(), "Content-Type: application/json");
        (status, _) = await s_service.Post(Encoding.UTF8.GetBytes(Good), "application/json; charset=utf-8");
        Assert.AreEqual(HttpStatusCode.OK, status);
    }

    private static async Task<JsonElement> Refused(string body, string detail)
    {
        var (status, problem) = await s_service.Post(body);
        Assert.AreEqual(HttpStatusCode.BadRequest, status, problem.ToString());
        StringAssert.Contains(problem.GetProperty("detail").GetString(), detail);
        Assert.AreEqual(400, problem.GetProperty("status").GetInt32());
        return problem;
    }
}
