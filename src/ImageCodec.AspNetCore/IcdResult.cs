using ImageCodec.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ImageCodec;

/// <summary>
/// Sends a picture kept as an <c>.icd</c> file, from a minimal API or a controller: as it is to clients whose <c>Accept</c> names <see cref="IcdFile.MediaType"/>, and to others as WebP, PNG
/// or JPEG, whichever they like best. Needs <c>AddImageCodecWeb</c>.
/// </summary>
/// <remarks>
/// <para>What is sent has an entity tag and, if known, the time of the last change; a request whose conditions say that the client has it already is answered 304, and nothing is restored. HEAD and ranges work
/// for all formats. Alpha and metadata go along as far as the format holds them; JPEG is laid over white. A picture too large for WebP or JPEG is sent as PNG.</para>
/// <para>Other answers are problem details: 404, there is no such file; 406, the client takes none of the formats; 429, too many pictures wait to be restored; 500, the file is damaged, has
/// more pixels than <see cref="ImageCodecOptions.MaxPixelCount"/>, or needs a codec that is not at hand, which the log says too.</para>
/// <para>Immutable, so safe to use from several threads at once.</para>
/// </remarks>
public sealed class IcdResult : IResult, IActionResult
{
    private readonly IcdSource? _source;

    /// <summary>Takes an <c>.icd</c> file. When it was written, and its length, tell one version of it from another.</summary>
    /// <param name="path">The file. The path is not checked: one that a client sent may lead anywhere. <c>MapIcdFiles</c> checks it.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    public IcdResult(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _source = IcdSource.Find(path);
    }

    /// <summary>Takes the bytes of an <c>.icd</c> file, from a database for example. They tell one version of it from another.</summary>
    /// <param name="file">The file, which must not change any more.</param>
    /// <param name="lastModified">When it was last changed; null if that is not known.</param>
    public IcdResult(ReadOnlyMemory<byte> file, DateTimeOffset? lastModified = null) => _source = new IcdSource(file, lastModified);

    /// <summary>Answers a request.</summary>
    /// <param name="httpContext">The request, and where the answer goes.</param>
    /// <exception cref="OperationCanceledException">The client has left.</exception>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        Transcoder transcoder = httpContext.RequestServices.GetRequiredService<Transcoder>();
        WebMetrics metrics = httpContext.RequestServices.GetRequiredService<WebMetrics>();
        httpContext.Response.Headers.Vary = StringValues.Concat(httpContext.Response.Headers.Vary, HeaderNames.Accept);
        PictureFormat? format = AcceptHeader.Choose(httpContext.Request, transcoder.Formats);
        IResult answer = await AnswerAsync(httpContext, transcoder, metrics, format).ConfigureAwait(false);
        await answer.ExecuteAsync(httpContext).ConfigureAwait(false);
        metrics.Answered(httpContext, format);
    }

    /// <summary>Answers a request to a controller.</summary>
    /// <param name="context">The request, and where the answer goes.</param>
    /// <exception cref="OperationCanceledException">The client has left.</exception>
    public Task ExecuteResultAsync(ActionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ExecuteAsync(context.HttpContext);
    }

    private async Task<IResult> AnswerAsync(HttpContext context, Transcoder transcoder, WebMetrics metrics, PictureFormat? format)
    {
        if (_source is null)
        {
            return Problems.NotFound();
        }

        if (format is null)
        {
            return Problems.NotAcceptable(transcoder.Formats);
        }

        EntityTagHeaderValue tag = new($"\"{_source.Validator}-{format.Tag}\"");
        if (Preconditions.SayNotModified(context.Request, tag, _source.LastModified))
        {
            return new NotModifiedResult(tag, _source.LastModified);
        }

        if (format.Encode is null)
        {
            return _source.AsItIs(tag);
        }

        try
        {
            TranscodedFile file = await transcoder.GetAsync(_source, format, context.RequestAborted).ConfigureAwait(false);
            return TypedResults.Bytes(file.Bytes, file.MediaType, enableRangeProcessing: true, lastModified: _source.LastModified, entityTag: tag);
        }
        catch (CodecBusyException)
        {
            metrics.Refused(Transcoder.Work, StatusCodes.Status429TooManyRequests);
            return Problems.TooBusy(context.Response);
        }
        catch (InvalidFileException e)
        {
            metrics.Refused(Transcoder.Work, StatusCodes.Status500InternalServerError);
            AspNetCore.Messages.NotRestored(context.RequestServices.GetRequiredService<ILogger<IcdResult>>(), context.Request.Path, e.Message);
            return Problems.NotRestored();
        }
        catch (FileNotFoundException)
        {
            // Deleted since it was found.
            return Problems.NotFound();
        }
    }
}
