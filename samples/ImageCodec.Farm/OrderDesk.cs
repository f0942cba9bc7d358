using Hangfire;

namespace ImageCodec.Farm;

/// <summary>Makes jobs of an order.</summary>
internal static class OrderDesk
{
    /// <summary>Puts pictures into the queue, some to each job. Names are read as they come: there may be more than memory holds.</summary>
    /// <returns>The number of pictures.</returns>
    public static async Task<long> AddAsync(IBackgroundJobClient jobs, Order order, IAsyncEnumerable<string> pictures, int batch, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        if (!BucketStore.IsAddress(order.Output))
        {
            Directory.CreateDirectory(order.Output);
        }

        long count = 0;
        await foreach (string[] names in pictures.Chunk(batch).WithCancellation(stop))
        {
            jobs.Enqueue<PictureJob>(job => job.RunAsync(order, names, null!, CancellationToken.None));
            count += names.Length;
        }

        return count;
    }

    /// <summary>Names from a file, one a line, or from standard input.</summary>
    public static IAsyncEnumerable<string> ReadListAsync(string list, CancellationToken stop) =>
        (list == "-" ? ReadLinesAsync(Console.In, stop) : File.ReadLinesAsync(list, stop)).Where(line => line.Length > 0);

    private static async IAsyncEnumerable<string> ReadLinesAsync(TextReader reader, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            yield return line;
        }
    }
}
