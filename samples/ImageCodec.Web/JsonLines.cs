using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ImageCodec.Web;

/// <summary>The last line of an answer of several lines of JSON, which may also be its only one.</summary>
internal sealed class JsonLines(object last) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext.Response, last, httpContext.RequestAborted);

    /// <summary>Sends a line, and begins the answer if it is the first.</summary>
    public static async Task WriteAsync(HttpResponse response, object value, CancellationToken stop)
    {
        if (!response.HasStarted)
        {
            response.ContentType = "application/x-ndjson";
            response.Headers.CacheControl = "no-store";
        }

        await JsonSerializer.SerializeAsync(response.Body, value, JsonSerializerOptions.Web, stop);
        await response.Body.WriteAsync("\n"u8.ToArray(), stop);
        await response.Body.FlushAsync(stop);
    }
}
