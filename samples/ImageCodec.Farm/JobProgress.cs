using System.Globalization;
using Hangfire;
using Hangfire.Storage;

namespace ImageCodec.Farm;

/// <summary>Notes how far a job is, where the dashboard sees it: seldom, as every note is a write to the database.</summary>
internal sealed class JobProgress(JobStorage storage, string jobId, int pictureCount) : IProgress<double>
{
    public const string ParameterName = "Progress";

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private int _pictures;
    private DateTime _next = DateTime.UtcNow + s_pause;

    /// <summary>Told the part of the present picture that is done.</summary>
    public void Report(double value)
    {
        lock (_lock)
        {
            if (DateTime.UtcNow < _next)
            {
                return;
            }

            _next = DateTime.UtcNow + s_pause;
            Note((_pictures + value) / pictureCount);
        }
    }

    public void EndPicture()
    {
        lock (_lock)
        {
            _pictures++;
        }
    }

    private void Note(double part)
    {
        try
        {
            using IStorageConnection connection = storage.GetConnection();
            connection.SetJobParameter(jobId, ParameterName, part.ToString("0.00", CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // No work is lost for want of a note: Hangfire says so itself when its database is away.
        }
    }
}
