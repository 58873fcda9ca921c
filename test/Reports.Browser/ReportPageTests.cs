using Microsoft.Playwright;

namespace Microsoft.ML.GradientStability.Tests.Reports;

/// <summary>Reports in headless Chromium, named by CHROMIUM; their pictures are left in the folder <c>pictures</c> beside the tests.</summary>
[TestClass]
public sealed class ReportPageTests
{
    private static IPlaywright s_playwright = null!;
    private static IBrowser s_browser = null!;

    [ClassInitialize]
    public static async Task Start(TestContext context)
    {
        s_playwright = await Playwright.Playwright.CreateAsync();
        s_browser = await s_playwright.Chromium.LaunchAsync(new() { ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium", Args = ["--no-sandbox"] });
    }

    [ClassCleanup]
    public static async Task Stop()
    {
        await s_browser.CloseAsync();
        s_playwright.Dispose();
    }

    [TestMethod]
    [DataRow("healthy", ColorScheme.Light, 1280)]
    [DataRow("healthy", ColorScheme.Dark, 1280)]
    [DataRow("healthy", ColorScheme.Light, 400)]
    [DataRow("vanishing", ColorScheme.Light, 1280)]
    [DataRow("vanishing", ColorScheme.Dark, 1280)]
    public async Task A_report_opens_without_errors_and_asks_for_nothing(string fit, ColorScheme scheme, int width)
    {
        var path = Write(fit);
        var page = await s_browser.NewPageAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 } });
        var (messages, requests) = (new List<string>(), new List<string>());
        page.Console += (_, message) => messages.Add(message.Text);
        page.PageError += (_, error) => messages.Add(error);
        page.Request += (_, request) => requests.Add(request.Url);
        await page.GotoAsync(new Uri(path).AbsoluteUri);

        Assert.IsEmpty(messages, string.Join('\n', messages));
        CollectionAssert.AreEqual(new[] { new Uri(path).AbsoluteUri }, requests.Where(url => !url.StartsWith("data:", StringComparison.Ordinal)).ToArray());
        Assert.IsLessThanOrEqualTo(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), "wider than its window");
        Assert.IsGreaterThanOrEqualTo(4.5, await page.EvaluateAsync<double>(LeastContrast), "text that is hard to read");
        Assert.AreEqual(scheme == ColorScheme.Dark, await page.EvaluateAsync<double>("parseInt(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])") < 64);
        await page.ScreenshotAsync(new() { FullPage = true, Path = Path.Combine(AppContext.BaseDirectory, "pictures", $"{fit}-{scheme}-{width}.png".ToLowerInvariant()) });
        await page.CloseAsync();
    }

    private static string Write(string fit)
    {
        var path = Fits.File($"{fit}.html");
        if (fit == "healthy")
            Fits.Run(Fits.Healthy(Report.Html(path))).Dispose();
        else
            Assert.ThrowsExactly<GradientStabilityException>(() => Fits.Run(Fits.Vanishing(Report.Html(path))));
        return path;
    }

    /// <summary>The least contrast of text against what is behind it, by WCAG 2.2: (L₁ + 0.05)/(L₂ + 0.05) of relative luminances.</summary>
    private const string LeastContrast = """
        () => {
          const parts = colour => (colour.match(/[\d.]+/g) || []).map(Number);
          const light = colour => parts(colour).slice(0, 3).map(c => c / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = element => {
            for (let e = element; e; e = e.parentElement) {
              const colour = getComputedStyle(e).backgroundColor;
              if (parts(colour)[3] !== 0) return colour;
            }
            return 'rgb(255, 255, 255)';
          };
          let least = 21;
          for (const e of document.querySelectorAll('body *')) {
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || e.closest('title')) continue;
            const circle = e.parentElement.querySelector(':scope > circle');
            const [ink, paper] = [getComputedStyle(e)[e.closest('svg') ? 'fill' : 'color'], circle ? getComputedStyle(circle).fill : behind(e)].map(light);
            least = Math.min(least, (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05));
          }
          return least;
        }
        """;
}
