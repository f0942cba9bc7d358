using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ImageCodec.AspNetCore;

/// <summary>Says that the client has the latest already.</summary>
internal sealed class NotModifiedResult(EntityTagHeaderValue tag, DateTimeOffset? lastModified) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
        var headers = httpContext.Response.GetTypedHeaders();
        headers.ETag = tag;
        headers.LastModified = lastModified;
        return Task.CompletedTask;
    }
}
