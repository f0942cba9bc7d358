using System.Globalization;
using System.Net;
using Hangfire.Dashboard;
using Hangfire.Dashboard.Pages;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace ImageCodec.Farm;

/// <summary>A page of the dashboard that counts in pictures: what is done, by whom, and how far the jobs are that are worked on.</summary>
internal sealed class PicturesPage : RazorPage
{
    public const string Path = "/pictures";

    private const int MaxJobs = 50;
    private static readonly Lock s_lock = new();
    private static bool s_isAdded;

    /// <summary>Adds it to the dashboard, whose pages are the same for the whole process.</summary>
    public static void Add()
    {
        lock (s_lock)
        {
            if (!s_isAdded)
            {
                s_isAdded = true;
                DashboardRoutes.Routes.AddRazorPage(Path, _ => new PicturesPage());
                NavigationMenu.Items.Insert(0, page => new MenuItem("Pictures", page.Url.To(Path)) { Active = page.RequestPath.StartsWith(Path, StringComparison.Ordinal) });
            }
        }
    }

    public override void Execute()
    {
        Layout = new LayoutPage("Pictures");
        FarmStatus status = FarmStatus.Read(Storage);
        WriteLiteral("<div class=\"row\"><div class=\"col-md-12\"><h1 class=\"page-header\">Pictures</h1>");
        Table(
            ["pictures done", "were done already", "megapixels", "bytes in", "bytes out", "jobs wait", "worked on", "wait for another try", "set aside"],
            [[
                Text(status.Pictures.Done), Text(status.Pictures.Skipped), Text(status.Pictures.Megapixels, "N1"), Text(status.Pictures.BytesIn), Text(status.Pictures.BytesOut),
                Link("/jobs/enqueued", status.Waiting), Link("/jobs/processing", status.Working), Link("/jobs/scheduled", status.ForRetry), Link("/jobs/failed", status.SetAside),
            ]]);
        using (IStorageConnection connection = Storage.GetConnection())
        {
            WriteLiteral("<h3>Worked on</h3>");
            Table(["job", "pictures", "worker", "progress"], [.. Storage.GetMonitoringApi().ProcessingJobs(0, MaxJobs).Select(job => Row(connection, job.Key, job.Value))]);
            WriteLiteral("<h3>Workers of the last days</h3>");
            Table(
                ["worker", "pictures done", "were done already", "megapixels", "pictures a second", "last job ended (UTC)"],
                [.. PictureTotals.ReadAll(connection).Select(entry => Row(entry.Worker, entry.Totals))]);
        }

        WriteLiteral("</div></div>");
    }

    private static string[] Row(string worker, PictureTotals totals) =>
    [
        WebUtility.HtmlEncode(worker), Text(totals.Done), Text(totals.Skipped), Text(totals.Megapixels, "N1"),
        Text(totals.Done / Math.Max(1, (totals.Noted - totals.Started).TotalSeconds), "N1"), totals.Noted.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
    ];

    private static string Text(double value, string format = "N0") => value.ToString(format, CultureInfo.InvariantCulture);

    private string[] Row(IStorageConnection connection, string id, ProcessingJobDto? job)
    {
        string part = connection.GetJobParameter(id, JobProgress.ParameterName) ?? "0";
        int percent = double.TryParse(part, CultureInfo.InvariantCulture, out double value) ? (int)(100 * value) : 0;
        return
        [
            $"<a href=\"{Url.JobDetails(id)}\">#{WebUtility.HtmlEncode(id)}</a>",
            job?.Job is { } known ? WebUtility.HtmlEncode(Html.JobName(known).ToString()) : "",
            WebUtility.HtmlEncode(job?.ServerId ?? ""),
            $"<div class=\"progress\" style=\"margin:0\"><div class=\"progress-bar\" style=\"width:{percent}%\">{percent} %</div></div>",
        ];
    }

    private string Link(string path, long count) => $"<a href=\"{Url.To(path)}\">{Text(count)}</a>";

    private void Table(string[] heads, string[][] rows)
    {
        WriteLiteral("<table class=\"table\"><thead><tr>");
        foreach (string head in heads)
        {
            WriteLiteral($"<th>{head}</th>");
        }

        WriteLiteral("</tr></thead><tbody>");
        foreach (string[] row in rows)
        {
            WriteLiteral($"<tr>{string.Concat(row.Select(cell => $"<td>{cell}</td>"))}</tr>");
        }

        WriteLiteral("</tbody></table>");
    }
}
