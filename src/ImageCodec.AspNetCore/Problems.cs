using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageCodec.AspNetCore;

/// <summary>Answers that are problem details, RFC 9457.</summary>
internal static class Problems
{
    /// <summary>A picture takes a fraction of a second.</summary>
    private const int RetryAfterSeconds = 1;

    public static ProblemHttpResult NotFound() => Of(StatusCodes.Status404NotFound, "There is no such picture.");

    public static ProblemHttpResult NotAcceptable(IEnumerable<PictureFormat> formats) =>
        Of(StatusCodes.Status406NotAcceptable, $"The picture can be had as {string.Join(", ", formats.Select(format => format.MediaType))}.");

    public static ProblemHttpResult NotRestored() => Of(StatusCodes.Status500InternalServerError, "The picture can't be restored.");

    public static ProblemHttpResult TooBusy(HttpResponse response)
    {
        response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return Of(StatusCodes.Status429TooManyRequests, "Too many pictures wait to be worked on.");
    }

    public static ProblemHttpResult Of(int status, string detail) => TypedResults.Problem(detail, statusCode: status);
}
