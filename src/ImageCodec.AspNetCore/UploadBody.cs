using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace ImageCodec.AspNetCore;

/// <summary>The bytes of an upload.</summary>
internal static class UploadBody
{
    /// <summary>Bytes that a body may have beside the file: other parts of a form, and the lengths of chunks.</summary>
    private const int OverheadLength = 64 * 1024;

    /// <summary>What is taken of memory before a byte has come, whatever length the client declares.</summary>
    private const int FirstLength = 64 * 1024;

    /// <summary>Reads the body of a request, or the only file of its form.</summary>
    /// <exception cref="UploadRefusedException">There is no file, or it has too many bytes.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int maxLength, CancellationToken stop)
    {
        long most = (long)maxLength + OverheadLength;
        if (request.ContentLength > most)
        {
            throw TooLong(maxLength);
        }

        // Where the endpoint has a limit of its own, that one stays.
        HttpContext context = request.HttpContext;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size && context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is null)
        {
            size.MaxRequestBodySize = most;
        }

        try
        {
            // Not HasFormContentType: that is also what curl calls any bytes.
            if (request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) != true)
            {
                return await ReadAsync(request.Body, Math.Min(request.ContentLength ?? FirstLength, FirstLength), maxLength, stop).ConfigureAwait(false);
            }

            // Large files of forms are kept on the disk by the framework; the limit of the body bounds them.
            IFormCollection form = await request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = long.MaxValue }, stop).ConfigureAwait(false);
            if (form.Files.Count != 1)
            {
                throw new UploadRefusedException(StatusCodes.Status400BadRequest, $"The form has {form.Files.Count} files; it must have one.");
            }

            using Stream file = form.Files[0].OpenReadStream();
            return await ReadAsync(file, file.Length, maxLength, stop).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            // The message says the limit, which may be the endpoint's own.
            throw new UploadRefusedException(e.StatusCode, e.Message);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            // Also a body that ends too early, and a form that is none.
            stop.ThrowIfCancellationRequested();
            throw new UploadRefusedException(StatusCodes.Status400BadRequest, "The body of the request can't be read.");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, long length, int maxLength, CancellationToken stop)
    {
        // One byte more shows the end of a file of that length, without growing.
        byte[] bytes = new byte[Math.Min(length, maxLength) + 1];
        int count = 0;
        while (true)
        {
            count += await stream.ReadAtLeastAsync(bytes.AsMemory(count), bytes.Length - count, throwOnEndOfStream: false, stop).ConfigureAwait(false);
            if (count > maxLength)
            {
                throw TooLong(maxLength);
            }

            if (count < bytes.Length)
            {
                return bytes.AsMemory(0, count);
            }

            Array.Resize(ref bytes, (int)Math.Min(2L * bytes.Length, maxLength + 1L));
        }
    }

    private static UploadRefusedException TooLong(int maxLength) =>
        new(StatusCodes.Status413PayloadTooLarge, $"The picture file has more than the {maxLength} bytes that are taken.");
}
