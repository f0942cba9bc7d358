using System.Globalization;
using Hangfire;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace ImageCodec.Farm;

/// <summary>How far everything is. Counts of jobs, and of pictures that workers noted.</summary>
internal sealed record FarmStatus(long Waiting, long Working, long ForRetry, long SetAside, long Workers, PictureTotals Pictures)
{
    /// <summary>Whether nothing is left to do, apart from what was set aside.</summary>
    public bool IsDone => Waiting + Working + ForRetry == 0;

    public static FarmStatus Read(JobStorage storage)
    {
        StatisticsDto jobs = storage.GetMonitoringApi().GetStatistics();
        using IStorageConnection connection = storage.GetConnection();
        PictureTotals pictures = PictureTotals.ReadAll(connection).Aggregate(PictureTotals.None, (sum, worker) => sum.Add(worker.Totals));
        return new FarmStatus(jobs.Enqueued, jobs.Processing, jobs.Scheduled, jobs.Failed, jobs.Servers, pictures);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Pictures.Done} pictures done, {Pictures.Skipped} were done already; jobs: {Waiting} wait, {Working} are worked on, {ForRetry} wait for another try, {SetAside} set aside; {Workers} workers");
}
