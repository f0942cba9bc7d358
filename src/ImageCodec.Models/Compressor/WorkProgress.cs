namespace ImageCodec.Models.Compressor;

/// <summary>Joins the parts of a long work to one fraction that only rises. Parts come one after the other, not at once.</summary>
/// <param name="target">Told the whole's fraction.</param>
/// <param name="partCount">The most parts that there will be.</param>
internal sealed class WorkProgress(IProgress<double> target, int partCount) : IProgress<double>
{
    private int _partsDone;
    private double _told;

    /// <summary>Takes the fraction of the part under way; 1 ends the part.</summary>
    public void Report(double value)
    {
        double whole = Math.Min((_partsDone + value) / partCount, 1);
        if (value >= 1)
        {
            _partsDone++;
        }

        if (whole > _told)
        {
            _told = whole;
            target.Report(whole);
        }
    }

    /// <summary>Tells that all is done, also where fewer parts were needed.</summary>
    public void Finish()
    {
        if (_told < 1)
        {
            _told = 1;
            target.Report(1);
        }
    }
}
