namespace ImageCodec.Web;

/// <summary>The formats that can be compared with on this machine.</summary>
internal sealed class SampleFormats
{
    public IReadOnlyList<IOtherFormat> All { get; } = AvifFormat.IsInstalled ? [new JpegFormat(), new WebpFormat(), new AvifFormat()] : [new JpegFormat(), new WebpFormat()];

    /// <summary>Sentences on those that can't.</summary>
    public IReadOnlyList<string> Missing { get; } = AvifFormat.IsInstalled ? [] : ["AVIF is left out: the commands avifenc and avifdec are not installed on the server."];
}
