namespace ImageCodec.Web;

/// <summary>Finds the quality whose file comes nearest to a length.</summary>
internal static class SizeSearch
{
    /// <summary>Halves the range of qualities; of all files seen the nearest counts, as lengths may rise and fall a little.</summary>
    public static (int Quality, byte[] File) Find(int low, int high, long length, Func<int, byte[]> encode, CancellationToken stop)
    {
        (int Quality, byte[] File)? best = null;
        while (low <= high)
        {
            stop.ThrowIfCancellationRequested();
            int middle = (low + high) / 2;
            byte[] file = encode(middle);
            if (best is not { } b || Math.Abs(file.Length - length) < Math.Abs(b.File.Length - length))
            {
                best = (middle, file);
            }

            (low, high) = file.Length < length ? (middle + 1, high) : (low, middle - 1);
        }

        return best ?? throw new ArgumentException("There is no quality in the range.", nameof(high));
    }
}
