namespace ImageCodec.OwnStages;

/// <summary>The synthesis transform, the inverse of <see cref="CosineEncoder"/>.</summary>
internal sealed class CosineDecoder : IDecoder
{
    public int Stride => CosineTransform.Side;

    public int LatentChannels => CosineTransform.Channels;

    public void Decode(ReadOnlySpan<float> latent, TensorShape latentShape, Span<float> picture, CancellationToken cancellationToken = default)
    {
        int blockLength = Stride * Stride;
        Span<float> blocks = stackalloc float[3 * blockLength];
        int width = latentShape.Width * Stride;
        for (int place = 0; place < latentShape.Height * latentShape.Width; place++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int channel = 0; channel < 3; channel++)
            {
                Span<float> block = blocks.Slice(channel * blockLength, blockLength);
                for (int i = 0; i < blockLength; i++)
                {
                    block[i] = latent[place * LatentChannels + 3 * i + channel];
                }

                CosineTransform.Apply(block, isInverse: true);
            }

            for (int i = 0; i < blockLength; i++)
            {
                int y = place / latentShape.Width * Stride + i / Stride;
                int x = place % latentShape.Width * Stride + i % Stride;
                float luminance = blocks[i] + 0.5f;
                float red = luminance + blocks[blockLength + i];
                float blue = luminance + blocks[2 * blockLength + i];
                Span<float> pixel = picture.Slice((y * width + x) * 3, 3);
                pixel[0] = red;
                pixel[1] = (luminance - 0.299f * red - 0.114f * blue) / 0.587f;
                pixel[2] = blue;
            }
        }
    }
}
