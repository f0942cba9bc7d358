using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageCodec.Web;

/// <summary>Compresses the picture of a request, compares it with other formats, and tells meanwhile how far it is: a line of JSON for each step, and one for the result.</summary>
internal static partial class CompressEndpoint
{
    public static async Task HandleAsync(
        HttpContext context, [AsParameters] CompressionRequest wanted, Comparer comparer, ILogger<Comparer> logger, CancellationToken clientLeft)
    {
        if (wanted.FindProblem() is { } problem)
        {
            await Results.Problem(problem, statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
            return;
        }

        // Only the newest step is of interest to a client that reads slowly.
        Channel<object> steps = Channel.CreateBounded<object>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        Task<IResult> work = WorkAsync(context.Request, wanted, comparer, steps.Writer, clientLeft);
        try
        {
            await foreach (object step in steps.Reader.ReadAllAsync(CancellationToken.None))
            {
                await JsonLines.WriteAsync(context.Response, step, clientLeft);
            }

            await (await work).ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (clientLeft.IsCancellationRequested)
        {
            // Who left is not told; but the work has ended before this is logged.
            await Task.WhenAny(work);
            Stopped(logger);
        }
    }

    private static async Task<IResult> WorkAsync(HttpRequest request, CompressionRequest wanted, Comparer comparer, ChannelWriter<object> steps, CancellationToken stop)
    {
        try
        {
            request.EnableBuffering();
            ImageCompressor compressor = request.HttpContext.RequestServices.GetRequiredKeyedService<ImageCompressor>(wanted.Model);
            IcdUpload upload = await request.CompressUploadAsync(wanted.ToOptions(), compressor, new Steps(steps), stop);
            if (!upload.Succeeded)
            {
                return upload.Problem;
            }

            // The upload again, for what it is compared with.
            request.Body.Position = 0;
            using MemoryStream original = new();
            await request.Body.CopyToAsync(original, stop);
            ComparisonResult result = await comparer.CompareAsync(original.ToArray(), upload, compressor, name => steps.TryWrite(new { compares = name }), stop);
            return new JsonLines(new { result });
        }
        finally
        {
            steps.Complete();
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Stopped the work: its client has left")]
    private static partial void Stopped(ILogger logger);

    private sealed class Steps(ChannelWriter<object> steps) : IProgress<double>
    {
        public void Report(double value) => steps.TryWrite(new { part = value });
    }
}
