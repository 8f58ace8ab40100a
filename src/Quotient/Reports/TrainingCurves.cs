using Quotient.Reports.Charts;
using Quotient.Results;

namespace Quotient.Reports;

/// <summary>Loss and error through the epochs of a training, drawn for any HTML page.</summary>
public static class TrainingCurves
{
    /// <summary>The style sheet that the page needs: text for its <c>style</c> element.</summary>
    public static string Style => HtmlStyle.Page + HtmlStyle.Charts;

    /// <summary>Two charts as a section of HTML with inline SVG; empty where there is nothing finite to draw.</summary>
    public static string ToHtml(IReadOnlyList<EpochRecord> training)
    {
        var page = new Markup();
        HtmlFigures.WriteTraining(page, training, "Loss and error", "of training, each evaluated on the whole sets at its end");
        return page.ToString();
    }
}
