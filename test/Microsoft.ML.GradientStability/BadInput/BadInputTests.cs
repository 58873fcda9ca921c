namespace Microsoft.ML.GradientStability.Tests.BadInput;

/// <summary>Every bad input is refused with the kind of exception that ML.NET throws, saying what, where, and what to do.</summary>
[TestClass]
public sealed class BadInputTests
{
    /// <summary>Set to 1, the test of the page writes it.</summary>
    private const string Rewrite = "WRITE_DOCS";

    private static readonly string s_page = Path.Combine(Repository.Root, "docs", "bad-input.md");

    public static IEnumerable<object[]> Cases() => BadInputTable.All.Select(c => new object[] { c });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void It_is_refused_and_the_message_says_what_where_and_what_to_do(BadInput input)
    {
        var error = Assert.Throws<Exception>(input.Call, input.ToString());
        Assert.AreEqual(input.Error, error.GetType(), $"{input}: {error}");
        Assert.IsNull(input.LackedBy(error.Message), $"{input} says: {error.Message}");
    }

    [TestMethod]
    public void There_are_150_of_them_and_none_stands_twice()
    {
        Assert.IsGreaterThanOrEqualTo(150, BadInputTable.All.Count);
        Assert.HasCount(BadInputTable.All.Count, BadInputTable.All.Select(c => c.ToString()).Distinct());
    }

    /// <summary><c>WRITE_DOCS=1 build/test.sh --filter Name~The_page_is_made_of_the_table</c> writes the page anew.</summary>
    [TestMethod]
    public void The_page_is_made_of_the_table()
    {
        var page = BadInputPage.Of(BadInputTable.All);
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
            File.WriteAllText(s_page, page);
        Assert.AreEqual(page, File.ReadAllText(s_page), $"docs/bad-input.md is not what the table gives; {Rewrite}=1 writes it.");
    }

    [TestMethod]
    public void A_message_must_hold_the_pieces_in_order()
    {
        var input = new BadInput("", "", "", () => { }, typeof(Exception), "Row 2 … slot 1", "column");
        Assert.IsNull(input.LackedBy("column: Row 2 has NaN in slot 1"));
        Assert.AreEqual("slot 1", input.LackedBy("slot 1 of Row 2 of a column"));
        Assert.AreEqual("column", input.LackedBy("Row 2, slot 1"));
    }
}
