namespace ImageCodec.OwnStages;

/// <summary>The analysis transform: each block of 8×8 pixels becomes one place of the latent.</summary>
internal sealed class CosineEncoder : IEncoder
{
    public int Stride => CosineTransform.Side;

    public int LatentChannels => CosineTransform.Channels;

    public void Encode(ReadOnlySpan<float> picture, TensorShape pictureShape, Span<float> latent, CancellationToken cancellationToken = default)
    {
        Span<float> block = stackalloc float[Stride * Stride];
        int columns = pictureShape.Width / Stride;
        for (int place = 0; place < pictureShape.Height / Stride * columns; place++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int channel = 0; channel < 3; channel++)
            {
                for (int i = 0; i < block.Length; i++)
                {
                    int y = place / columns * Stride + i / Stride;
                    int x = place % columns * Stride + i % Stride;
                    block[i] = ToChannel(picture.Slice((y * pictureShape.Width + x) * 3, 3), channel);
                }

                CosineTransform.Apply(block, isInverse: false);
                for (int i = 0; i < block.Length; i++)
                {
                    latent[place * LatentChannels + 3 * i + channel] = block[i];
                }
            }
        }
    }

    /// <summary>Luminance around zero, or the difference of red or blue from it.</summary>
    private static float ToChannel(ReadOnlySpan<float> rgb, int channel)
    {
        float luminance = 0.299f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2];
        return channel switch
        {
            0 => luminance - 0.5f,
            1 => rgb[0] - luminance,
            _ => rgb[2] - luminance,
        };
    }
}
