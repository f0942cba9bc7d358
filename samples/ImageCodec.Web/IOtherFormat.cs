namespace ImageCodec.Web;

/// <summary>A format to compare with.</summary>
internal interface IOtherFormat
{
    /// <summary>Its name, for people.</summary>
    string Name { get; }

    /// <summary>The ending of its files.</summary>
    string Extension { get; }

    /// <summary>Pixels on a side at most.</summary>
    int MaxSide { get; }

    /// <summary>The qualities there are; the last one makes the largest files.</summary>
    (int Low, int High) Qualities { get; }

    byte[] Encode(RgbImage image, int quality, CancellationToken stop);

    RgbImage Decode(byte[] file, CancellationToken stop);
}
