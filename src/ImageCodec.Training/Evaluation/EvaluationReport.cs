namespace ImageCodec.Training.Evaluation;

/// <summary>An evaluation's results as text for programs and for people.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
public static class EvaluationReport
{
    /// <summary>One JSON object, with names that stay; UTF-8.</summary>
    /// <param name="result">What was found.</param>
    public static byte[] ToJson(EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return JsonResults.Write(result);
    }

    /// <summary>
    /// A CSV table (RFC 4180, UTF-8) with a line for each measurement of each picture. Column «kind» is «curve» for the points of a codec's
    /// curve, «plain» for a model without quantisation, and «match» for a classical codec's file nearest in size to that of «model».
    /// </summary>
    /// <param name="result">What was found.</param>
    public static byte[] ToCsv(EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return CsvResults.Write(result);
    }

    /// <summary>
    /// One HTML page (UTF-8) that needs nothing beside itself: the mean curves, the BD-rates, and for each picture the original and what came back.
    /// The pictures are there if <see cref="EvaluationOptions.KeepFigures"/> was set.
    /// </summary>
    /// <param name="result">What was found.</param>
    public static byte[] ToHtml(EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return HtmlReport.Write(result);
    }
}
