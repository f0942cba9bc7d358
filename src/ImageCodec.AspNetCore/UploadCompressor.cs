using System.Diagnostics;
using ImageCodec.Imaging;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageCodec.AspNetCore;

/// <summary>Makes <c>.icd</c> files of uploads.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
internal sealed class UploadCompressor
{
    /// <summary>The name of the work in metrics.</summary>
    private const string Work = "compress";

    private readonly WorkQueue _queue;
    private readonly WebMetrics _metrics;
    private readonly ILogger<UploadCompressor> _logger;
    private readonly int _maxLength;

    public UploadCompressor(WorkQueue queue, IOptions<ImageCodecWebOptions> options, WebMetrics metrics, ILogger<UploadCompressor> logger)
    {
        _metrics = metrics;
        _logger = logger;
        _maxLength = options.Value.MaxUploadLength;
        _queue = queue;
    }

    public async Task<IcdUpload> CompressAsync(
        HttpRequest request, ImageCompressor compressor, CompressionOptions? options, IProgress<double>? progress, CancellationToken stop)
    {
        options ??= new CompressionOptions();
        compressor.Check(options);
        try
        {
            ReadOnlyMemory<byte> upload = await UploadBody.ReadAsync(request, _maxLength, stop).ConfigureAwait(false);
            (int width, int height) = ReadSize(upload.Span, compressor);
            using WorkQueue.Turn turn = await _queue.EnterAsync(width, height, stop).ConfigureAwait(false);
            long start = Stopwatch.GetTimestamp();
            (RgbImage picture, IReadOnlyList<string> warnings) = await Task.Run(() => Read(upload.Span, compressor.MaxPixelCount, stop), stop).ConfigureAwait(false);
            byte[] file = await compressor.CompressAsync(picture, options, progress, stop).ConfigureAwait(false);
            _metrics.Worked(Work, "icd", start);
            Messages.Compressed(_logger, picture.Width, picture.Height, upload.Length, file.Length, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            return new IcdUpload(file, warnings);
        }
        catch (UploadRefusedException e)
        {
            return Refuse(e.Status, e.Message);
        }
        catch (CodecBusyException)
        {
            _metrics.Refused(Work, StatusCodes.Status429TooManyRequests);
            return new IcdUpload(Problems.TooBusy(request.HttpContext.Response));
        }
    }

    private static (int Width, int Height) ReadSize(ReadOnlySpan<byte> upload, ImageCompressor compressor)
    {
        if (upload.IsEmpty)
        {
            throw new UploadRefusedException(StatusCodes.Status400BadRequest, "There is no picture.");
        }

        try
        {
            (int width, int height) = SkiaImageFile.ReadSize(upload);
            if (!compressor.Takes(width, height))
            {
                throw new UploadRefusedException(
                    StatusCodes.Status413PayloadTooLarge, $"The picture of {width}×{height} has more than the {compressor.MaxPixelCount} pixels that are taken.");
            }

            return (width, height);
        }
        catch (InvalidFileException e)
        {
            throw new UploadRefusedException(e.Format == OtherFormat.Unknown ? StatusCodes.Status415UnsupportedMediaType : StatusCodes.Status400BadRequest, e.Message);
        }
    }

    private static (RgbImage Picture, IReadOnlyList<string> Warnings) Read(ReadOnlySpan<byte> upload, int maxPixelCount, CancellationToken stop)
    {
        try
        {
            RgbImage picture = SkiaImageFile.Read(upload, out IReadOnlyList<string> warnings, new ImageReadOptions { MaxPixelCount = maxPixelCount }, stop);
            return (picture, warnings);
        }
        catch (InvalidFileException e)
        {
            throw new UploadRefusedException(StatusCodes.Status400BadRequest, e.Message);
        }
    }

    private IcdUpload Refuse(int status, string problem)
    {
        _metrics.Refused(Work, status);
        Messages.Refused(_logger, status, problem);
        return new IcdUpload(Problems.Of(status, problem));
    }
}
