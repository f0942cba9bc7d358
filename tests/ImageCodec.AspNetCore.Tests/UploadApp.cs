using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace ImageCodec.AspNetCore.Tests;

/// <summary>An app that takes uploads.</summary>
internal static class UploadApp
{
    public const int MaxPixels = 20_000;

    /// <param name="codec">The codec; null for the default model.</param>
    /// <param name="configure">Sets options.</param>
    /// <param name="ended">Told how the first upload to a name ended: by which exception, if by any.</param>
    /// <param name="limit">Sets options of the codec.</param>
    public static Task<TestApp> StartAsync(
        GatedCodec? codec, Action<ImageCodecWebOptions>? configure, TaskCompletionSource<Exception?>? ended = null, Action<ImageCodecOptions>? limit = null) =>
        TestApp.StartAsync(
            codec,
            configure,
            (app, folder) =>
            {
                app.MapPost("/pictures/{name}", async (string name, HttpRequest request, string? codec, double? psnr) =>
                {
                    try
                    {
                        CompressionOptions options = codec is null && psnr is null ? new() { Quality = 30 } : new() { Psnr = psnr };
                        ImageCompressor? compressor = codec is null ? null : request.HttpContext.RequestServices.GetRequiredKeyedService<ImageCompressor>(codec);
                        IcdUpload upload = await request.CompressUploadAsync(options, compressor);
                        if (!upload.Succeeded)
                        {
                            return (IResult)upload.Problem;
                        }

                        await upload.SaveAsync(Path.Combine(folder, name + ".icd"), overwrite: true);
                        return Results.Created($"/pictures/{name}.icd", null);
                    }
                    catch (Exception e)
                    {
                        ended?.TrySetResult(e);
                        throw;
                    }
                    finally
                    {
                        ended?.TrySetResult(null);
                    }
                });
                app.MapPost("/small", async (HttpRequest request) => await request.CompressUploadAsync() is { Succeeded: false } upload ? (IResult)upload.Problem : Results.Created())
                    .WithMetadata(new RequestSizeLimitAttribute(1000));
                app.MapPost("/bound", async (IFormFile file, [FromForm] string title, HttpRequest request) =>
                {
                    IcdInfo info = (await request.CompressUploadAsync()).Info!;
                    return Results.Json($"{title} {info.Width}×{info.Height}", new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
                }).DisableAntiforgery();
                app.MapPost("/progress", async (HttpRequest request) =>
                {
                    List<double> parts = [];
                    await request.CompressUploadAsync(new CompressionOptions { Effort = 2 }, progress: new Parts(parts));
                    return string.Join(' ', parts);
                });
                app.MapPost("/refused", async (HttpRequest request) =>
                {
                    IcdUpload upload = await request.CompressUploadAsync();
                    Exception? thrown = await Assert.CatchAsync(() => upload.SaveAsync(Path.Combine(folder, "refused.icd")));
                    return $"{thrown?.GetType().Name}, {upload.File.Length} bytes";
                });
                app.MapPost("/warnings", async (HttpRequest request) => string.Join(' ', (await request.CompressUploadAsync()).Warnings));
            },
            services =>
            {
                services.AddImageCodec(options => options.MaxPixelCount = MaxPixels).AddImageCodec(limit);
                services.AddImageCodec("archive", options => options.Model = "fitted");
            });

    private sealed class Parts(List<double> parts) : IProgress<double>
    {
        public void Report(double value)
        {
            lock (parts)
            {
                parts.Add(value);
            }
        }
    }
}
