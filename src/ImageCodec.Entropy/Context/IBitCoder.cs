namespace ImageCodec.Entropy.Context;

/// <summary>Codes bits one way or the other, so that what is coded has to be said only once for both.</summary>
internal interface IBitCoder
{
    /// <summary>Codes one bit.</summary>
    /// <param name="bit">What to write, 0 or 1; a decoder does not look at it.</param>
    /// <param name="probability">The probability of 1, 1 … 65535 of 65536.</param>
    /// <returns>The bit that was written or read.</returns>
    int Code(int bit, int probability);
}
