using Microsoft.ML.GradientStability.Serving.Tests;
using Microsoft.Playwright;

namespace InferenceService.Browser;

/// <summary>The page of the sample, used as a person uses it.</summary>
[TestClass]
public sealed class PageTests
{
    private static IPlaywright s_playwright = null!;
    private static IBrowser s_browser = null!;

    private readonly ModelFolder _folder = new();

    [ClassInitialize]
    public static async Task Open(TestContext _)
    {
        s_playwright = await Playwright.CreateAsync();
        s_browser = await s_playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            // It may run as root, in a container, without a display, and has no business outside of this machine.
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    [ClassCleanup]
    public static async Task Close()
    {
        await s_browser.DisposeAsync();
        s_playwright.Dispose();
    }

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    [TestMethod]
    public async Task A_person_fills_in_a_row_and_sees_the_prediction()
    {
        await Visit(TestModels.Classifier(), async page =>
        {
            Assert.AreEqual("Try model.onnx", await page.TextContentAsync("h1"));
            Assert.AreEqual(4, await page.Locator("#inputs input").CountAsync());
            await page.FillAsync("[name='Features[1]']", "2.5");
            await page.ClickAsync("button");
            await page.Locator("#label", new() { HasText = "green" }).WaitForAsync();
            CollectionAssert.AreEqual(new[] { "red", "green", "blue" }, (await page.Locator(".bar span:first-child").AllTextContentsAsync()).ToArray());
            var shares = (await page.Locator(".bar span:last-child").AllTextContentsAsync()).Select(text => double.Parse(text.TrimEnd('%', ' '))).ToArray();
            var expected = TestModels.Softmax([0, 2.5f, 0]);
            for (var i = 0; i < 3; i++)
                Assert.AreEqual(100 * expected[i], shares[i], 0.06);
            await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures(), "page.png"), FullPage = true });
        });
    }

    [TestMethod]
    public async Task A_value_that_is_empty_is_missing_and_one_that_is_no_number_is_refused_with_its_name()
    {
        await Visit(TestModels.Classifier(), async page =>
        {
            await page.FillAsync("[name='Features[3]']", "");
            await page.ClickAsync("button");
            await page.Locator("#label", new() { HasText = "No prediction: Features[3] is NaN" }).WaitForAsync();
            await page.FillAsync("[name='Features[3]']", "tall");
            await page.ClickAsync("button");
            await page.Locator("#error", new() { HasText = "'Features[3]' is tall, which is no Single." }).WaitForAsync();
            Assert.IsFalse(await page.IsVisibleAsync("#result"));
            await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures(), "refused.png"), FullPage = true });
            await page.FillAsync("[name='Features[3]']", "1");
            await page.ClickAsync("button");
            await page.Locator("#label", new() { HasText = "red" }).WaitForAsync();
            Assert.AreEqual("", await page.TextContentAsync("#error"));
        });
    }

    [TestMethod]
    public async Task Every_type_of_input_has_its_field()
    {
        await Visit(TestModels.Mixed(), async page =>
        {
            await page.FillAsync("[name='City[0]']", "Zürich <b>");
            await page.FillAsync("[name='Single[0]']", "0.5");
            await page.FillAsync("[name='Int64[0]']", "-7");
            await page.CheckAsync("[name='Boolean[0]']");
            await page.ClickAsync("button");
            await page.Locator("#label", new() { HasText = "Zürich <b>" }).WaitForAsync();
            await page.ClickAsync("summary");
            StringAssert.Contains(await page.TextContentAsync("#json"), "\"Score\": -5.5");
            StringAssert.Contains(await page.TextContentAsync("#json"), "\"EchoBoolean\": true");
        });
    }

    [TestMethod]
    public async Task Many_values_are_pasted()
    {
        await Visit(TestModels.Classifier(features: 300), async page =>
        {
            await page.FillAsync("textarea", string.Join(", ", Enumerable.Range(0, 300).Select(i => i == 2 ? 1 : 0)));
            await page.ClickAsync("button");
            await page.Locator("#label", new() { HasText = "blue" }).WaitForAsync();
            await page.FillAsync("textarea", "1 2 3");
            await page.ClickAsync("button");
            await page.Locator("#error", new() { HasText = "'Features' has 3 values; the model takes Features: Single[300]." }).WaitForAsync();
        });
    }

    /// <summary>Opens the page of a service of its own, which must ask nobody else and report no error.</summary>
    private async Task Visit(OnnxFile model, Func<IPage, Task> visit)
    {
        await using var app = Service.Build(["--model", _folder.Write(model), "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Warning"]);
        await app.StartAsync();
        var address = app.Urls.Single();
        var page = await s_browser.NewPageAsync();
        var elsewhere = new List<string>();
        var errors = new List<string>();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                elsewhere.Add(request.Url);
        };
        page.PageError += (_, error) => errors.Add(error);
        await page.GotoAsync(address);
        await page.Locator("fieldset").First.WaitForAsync();
        await visit(page);
        await page.CloseAsync();
        Assert.IsEmpty(elsewhere, string.Join(' ', elsewhere));
        Assert.IsEmpty(errors, string.Join(' ', errors));
    }

    private static string Pictures() => Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pictures")).FullName;
}
