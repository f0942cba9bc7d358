namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>The picture that comes out of a synthesis.</summary>
internal sealed unsafe class RenderedPicture(int width, int height)
{
    public RgbImage Image { get; } = new(width, height);

    /// <summary>Takes a row.</summary>
    /// <param name="picture">The target.</param>
    /// <param name="y">Which row.</param>
    /// <param name="errors">How far the values are above the target; a planar row.</param>
    public void Write(SynthesisPicture picture, int y, float* errors)
    {
        float* target = picture.Target(y);
        Span<byte> row = Image.GetRow(y);
        for (int x = 0; x < row.Length; x++)
        {
            (int column, int color) = (x / FittedLayout.Colors, x % FittedLayout.Colors);
            float error = errors[color * picture.Rows.Channel + (column & 1) * picture.Rows.Segment + column / 2];
            float level = (error + target[SynthesisPicture.Place(x)]) * SynthesisPicture.Levels + SynthesisPicture.ZeroLevel;
            row[x] = (byte)Math.Clamp(MathF.Floor(level + 0.5f), 0, byte.MaxValue);
        }
    }
}
