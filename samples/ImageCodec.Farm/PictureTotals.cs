using System.Globalization;
using Hangfire.Storage;

namespace ImageCodec.Farm;

/// <summary>What one worker process has done since it was started; noted after each job where everybody sees it. What a killed worker did not note is missing.</summary>
internal sealed record PictureTotals(long Done, long Skipped, double Megapixels, long BytesIn, long BytesOut, DateTime Started, DateTime Noted)
{
    private const string Key = "imagecodec:pictures";
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(7);

    public static PictureTotals None => new(0, 0, 0, 0, 0, DateTime.UtcNow, DateTime.UtcNow);

    public PictureTotals Add(PictureTotals other) => new(
        Done + other.Done, Skipped + other.Skipped, Megapixels + other.Megapixels, BytesIn + other.BytesIn, BytesOut + other.BytesOut,
        Started < other.Started ? Started : other.Started, Noted > other.Noted ? Noted : other.Noted);

    /// <summary>The totals of every worker of the last days, by its name.</summary>
    public static IReadOnlyList<(string Worker, PictureTotals Totals)> ReadAll(IStorageConnection connection) =>
        [.. (connection.GetAllEntriesFromHash(Key) ?? []).OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, Parse(entry.Value)))];

    public void Note(IStorageConnection connection, string worker)
    {
        using IWriteOnlyTransaction transaction = connection.CreateWriteTransaction();
        transaction.SetRangeInHash(Key, [new KeyValuePair<string, string>(worker, ToText())]);
        if (transaction is JobStorageTransaction kept)
        {
            kept.ExpireHash(Key, s_kept);
        }

        transaction.Commit();
    }

    private static PictureTotals Parse(string text)
    {
        string[] parts = text.Split(' ');
        long Whole(int i) => long.Parse(parts[i], CultureInfo.InvariantCulture);
        return new PictureTotals(
            Whole(0), Whole(1), double.Parse(parts[2], CultureInfo.InvariantCulture), Whole(3), Whole(4), new DateTime(Whole(5), DateTimeKind.Utc), new DateTime(Whole(6), DateTimeKind.Utc));
    }

    private string ToText() => string.Create(CultureInfo.InvariantCulture, $"{Done} {Skipped} {Megapixels:R} {BytesIn} {BytesOut} {Started.Ticks} {Noted.Ticks}");
}
