namespace Microsoft.ML.GradientStability;

/// <summary>What this package adds to the destinations of a fit, and to a trained model.</summary>
public static class ReportExtensions
{
    extension(Report)
    {
        /// <summary>One HTML file that needs nothing else; it is there from the first step on, and also when the fit ends by an exception.</summary>
        /// <param name="path">Of the file; an older one is replaced.</param>
        public static HtmlReport Html(string path) => new() { Path = path };

        /// <summary>The page below the cell of a notebook that runs the fit, replaced in place while it runs.</summary>
        public static NotebookReport Notebook => NotebookReport.Default;
    }

    extension(DeepNetworkModel model)
    {
        /// <summary>The picture of the training; made anew at each access.</summary>
        public TrainingReport Report => new(ReportContent.Of(model));
    }
}
