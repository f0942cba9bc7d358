namespace ImageCodec;

/// <summary>Which codec <c>AddImageCodec</c> provides, and what its work may take. Has setters, as the options pattern of .NET asks for.</summary>
/// <remarks>
/// Checked when the host starts, where there is one, and else when the codec is first needed; read once. For one thread at a time until then. The guide says what memory a service needs.
/// </remarks>
public sealed class ImageCodecOptions
{
    /// <summary>A pretrained model, one of <see cref="PretrainedModel.All"/>. <see cref="PretrainedModel.DefaultName"/> by default.</summary>
    public string Model { get; set; } = PretrainedModel.DefaultName;

    /// <summary>A file of weights to use in place of a pretrained model: safetensors, or a PyTorch checkpoint. Null, the default, for none. Not beside another <see cref="Model"/> than the default.</summary>
    public string? WeightsPath { get; set; }

    /// <summary>Threads to use at most for one picture; 0, the default, for all cores.</summary>
    public int MaxThreads { get; set; }

    /// <summary>
    /// Pixels of the largest picture that is taken, either way, see <see cref="ImageCompressor.MaxPixelCount"/>; <see cref="ImageCodecService"/> refuses a
    /// larger one by its header with an <see cref="InvalidFileException"/>. 1 to <see cref="RgbImage.MaxPixelCount"/>.
    /// </summary>
    public int MaxPixelCount { get; set; } = ImageCompressor.DefaultMaxPixelCount;

    /// <summary>
    /// Pictures that <see cref="ImageCodecService"/> works on at once, compressing and restoring together; the number of cores by default, at least 1. Who uses
    /// <see cref="ImageCompressor"/> itself is not counted.
    /// </summary>
    public int MaxConcurrency { get; set; } = Environment.ProcessorCount;

    /// <summary>Pictures that may wait beside those; 20 by default, at least 0. Each holds its file. Beyond them there is a <see cref="CodecBusyException"/>.</summary>
    public int MaxQueueLength { get; set; } = 20;

    /// <summary>
    /// Bytes that the pictures that are worked on may take together, by an estimate of 128 MiB and 40 bytes a pixel for each; null, the default, for half of what the process may
    /// have. Where less is left than the next one takes, it waits. Must be enough for one picture of <see cref="MaxPixelCount"/>, and for <see cref="MaxKeptMemory"/>; with null, a
    /// picture that takes more is worked on alone.
    /// </summary>
    public long? MaxMemory { get; set; }

    /// <summary>
    /// Bytes that the whole process keeps for the next picture, see <see cref="ImageCompressor.MaxKeptMemory"/>, at least 0; null, the default, leaves that as it is. Of several
    /// codecs only one should set it.
    /// </summary>
    public long? MaxKeptMemory { get; set; }
}
