namespace ImageCodec;

/// <summary>Which codec <c>AddImageCodec</c> provides. Has setters, as the options pattern of .NET asks for.</summary>
/// <remarks>Read once, when the codec is first needed; for one thread at a time until then.</remarks>
public sealed class ImageCodecOptions
{
    /// <summary>A pretrained model, one of <see cref="PretrainedModel.All"/>. <see cref="PretrainedModel.DefaultName"/> by default.</summary>
    public string Model { get; set; } = PretrainedModel.DefaultName;

    /// <summary>A file of weights to use in place of <see cref="Model"/>: safetensors, or a PyTorch checkpoint. Null, the default, for none.</summary>
    public string? WeightsPath { get; set; }

    /// <summary>Threads to use at most for one picture; 0, the default, for all cores.</summary>
    public int MaxThreads { get; set; }

    /// <summary>
    /// Pixels of the largest picture that is taken, either way, see <see cref="ImageCompressor.MaxPixelCount"/>; <see cref="ImageCodecService"/> refuses a
    /// larger one with an <see cref="InvalidFileException"/>. 1 to <see cref="RgbImage.MaxPixelCount"/>.
    /// </summary>
    public int MaxPixelCount { get; set; } = ImageCompressor.DefaultMaxPixelCount;
}
