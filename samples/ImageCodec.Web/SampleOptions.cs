namespace ImageCodec.Web;

/// <summary>What the command line may set, such as <c>--Data folder</c>.</summary>
internal sealed class SampleOptions
{
    /// <summary>The folder of the gallery and of the last results.</summary>
    public string Data { get; init; } = Path.Combine("artifacts", "web");

    /// <summary>Pixels of the largest picture that is taken.</summary>
    public int MaxPixelCount { get; init; } = 16_000_000;

    /// <summary>Bytes of the largest file that is taken.</summary>
    public int MaxUploadLength { get; init; } = 30_000_000;

    /// <summary>Pictures that may wait; one is compressed at a time, on all cores.</summary>
    public int MaxQueueLength { get; init; } = 4;
}
