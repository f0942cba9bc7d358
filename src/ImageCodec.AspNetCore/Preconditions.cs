using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace ImageCodec.AspNetCore;

/// <summary>The conditions of a request that can be judged before there is anything to send.</summary>
internal static class Preconditions
{
    /// <summary>
    /// Whether the client has the latest already. Only for requests without <c>If-Match</c> and <c>If-Unmodified-Since</c>, which come first: the framework judges those when it sends.
    /// </summary>
    public static bool SayNotModified(HttpRequest request, EntityTagHeaderValue tag, DateTimeOffset? lastModified)
    {
        RequestHeaders headers = request.GetTypedHeaders();
        if (!(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) || headers.IfMatch.Count > 0 || headers.IfUnmodifiedSince is not null)
        {
            return false;
        }

        return headers.IfNoneMatch.Count > 0
            ? headers.IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false))
            : lastModified <= headers.IfModifiedSince;
    }
}
