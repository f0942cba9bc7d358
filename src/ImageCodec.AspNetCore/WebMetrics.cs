using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;

namespace ImageCodec.AspNetCore;

/// <summary>What is measured; the package's README lists it.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
internal sealed class WebMetrics
{
    private const string MeterName = "ImageCodec.AspNetCore";
    private const string FormatTag = "imagecodec.format";
    private const string WorkTag = "imagecodec.work";
    private const string StatusTag = "http.response.status_code";

    private readonly Counter<long> _requests;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _lookups;
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _duration;

    public WebMetrics(IMeterFactory factory, WorkQueue queue)
    {
        Meter meter = factory.Create(MeterName);
        _requests = meter.CreateCounter<long>("imagecodec.requests", "{request}", "Pictures that were asked for.");
        _sent = meter.CreateCounter<long>("imagecodec.sent", "By", "Bytes of pictures that were sent.");
        _lookups = meter.CreateCounter<long>("imagecodec.cache.lookups", "{lookup}", "Pictures that were kept already, or not.");
        _refused = meter.CreateCounter<long>("imagecodec.refused", "{picture}", "Pictures that were not worked on.");
        _duration = meter.CreateHistogram<double>("imagecodec.work.duration", "s", "How long a picture was worked on, without waiting.");
        meter.CreateObservableUpDownCounter("imagecodec.queue.length", () => (long)queue.Length, "{picture}", "Pictures that wait to be worked on.");
    }

    /// <summary>A request was answered.</summary>
    /// <param name="context">Its request and response.</param>
    /// <param name="format">What was chosen, if anything.</param>
    public void Answered(HttpContext context, PictureFormat? format)
    {
        KeyValuePair<string, object?> tag = new(FormatTag, format?.Name ?? "none");
        _requests.Add(1, tag, new KeyValuePair<string, object?>(StatusTag, context.Response.StatusCode));
        if (context.Response is { StatusCode: StatusCodes.Status200OK or StatusCodes.Status206PartialContent, ContentLength: { } length } && !HttpMethods.IsHead(context.Request.Method))
        {
            _sent.Add(length, tag);
        }
    }

    public void LookedUp(PictureFormat format, bool isHit) =>
        _lookups.Add(1, new KeyValuePair<string, object?>(FormatTag, format.Name), new KeyValuePair<string, object?>("imagecodec.cache.hit", isHit));

    public void Worked(string work, string format, long start) => _duration.Record(
        Stopwatch.GetElapsedTime(start).TotalSeconds, new KeyValuePair<string, object?>(WorkTag, work), new KeyValuePair<string, object?>(FormatTag, format));

    public void Refused(string work, int status) =>
        _refused.Add(1, new KeyValuePair<string, object?>(WorkTag, work), new KeyValuePair<string, object?>(StatusTag, status));
}
