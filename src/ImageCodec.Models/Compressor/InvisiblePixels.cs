namespace ImageCodec.Models.Compressor;

/// <summary>
/// Colours for pixels that nobody sees, so that they cost little: what is around them, drawn together level by level and spread out again (push–pull; Gortler et al.
/// 1996, «The Lumigraph»).
/// </summary>
internal static class InvisiblePixels
{
    /// <summary>A picture that looks the same, without alpha.</summary>
    public static RgbImage Fill(RgbImage image)
    {
        RgbImage filled = new(image.Width, image.Height, image.Pixels);
        bool[] isSeen = new bool[image.PixelCount];
        ReadOnlySpan<byte> alpha = image.Alpha;
        for (int i = 0; i < isSeen.Length; i++)
        {
            isSeen[i] = alpha[i] > 0;
        }

        Fill(filled.Pixels, isSeen, image.Width, image.Height);
        return filled;
    }

    private static void Fill(Span<byte> rgb, bool[] isSeen, int width, int height)
    {
        if (!isSeen.Contains(false) || (width == 1 && height == 1))
        {
            return;
        }

        int halfWidth = (width + 1) / 2;
        int halfHeight = (height + 1) / 2;
        byte[] half = new byte[3 * halfWidth * halfHeight];
        bool[] isHalfSeen = new bool[halfWidth * halfHeight];
        Span<int> sum = stackalloc int[3];
        for (int i = 0; i < isHalfSeen.Length; i++)
        {
            sum.Clear();
            int count = 0;
            int left = i % halfWidth * 2;
            int top = i / halfWidth * 2;
            for (int y = top; y < Math.Min(top + 2, height); y++)
            {
                for (int x = left; x < Math.Min(left + 2, width); x++)
                {
                    int at = y * width + x;
                    if (isSeen[at])
                    {
                        count++;
                        for (int channel = 0; channel < 3; channel++)
                        {
                            sum[channel] += rgb[3 * at + channel];
                        }
                    }
                }
            }

            isHalfSeen[i] = count > 0;
            for (int channel = 0; channel < 3 && count > 0; channel++)
            {
                half[3 * i + channel] = (byte)((2 * sum[channel] + count) / (2 * count));
            }
        }

        Fill(half, isHalfSeen, halfWidth, halfHeight);
        for (int i = 0; i < isSeen.Length; i++)
        {
            if (!isSeen[i])
            {
                half.AsSpan(3 * (i / width / 2 * halfWidth + i % width / 2), 3).CopyTo(rgb[(3 * i)..]);
            }
        }
    }
}
