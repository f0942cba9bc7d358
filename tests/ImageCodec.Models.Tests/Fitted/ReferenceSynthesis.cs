namespace ImageCodec.Models.Tests.Fitted;

/// <summary>Grids to pixels in plain loops, as docs/format.md says it; shares no code with the library.</summary>
/// <param name="filters">Filters 1 … 6.</param>
/// <param name="hidden">A1, a1.</param>
/// <param name="colors">A2, a2, L, l.</param>
/// <param name="convolutions">C1, c1, C2, c2.</param>
/// <param name="channels">Hidden channels.</param>
internal sealed class ReferenceSynthesis(int[] filters, int[] hidden, int[] colors, int[] convolutions, int channels)
{
    public byte[] Run(int[][,] grids, int scale, int width, int height, Func<int, (int Width, int Height)> sizeOf)
    {
        ScaleWeights(scale);
        int[][,] u = new int[7][,];
        for (int k = 0; k < 7; k++)
        {
            u[k] = k < scale || k >= grids.Length ? new int[height, width] : Upsample(grids[k], k, scale, sizeOf);
        }

        int[][,] z = [new int[height, width], new int[height, width], new int[height, width]];
        int[][,] linear = [new int[height, width], new int[height, width], new int[height, width]];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                Mix(u, z, linear, y, x);
            }
        }

        int[][,] y1 = Convolve(z, 0, 0, width, height);
        int[][,] y2 = Convolve(y1, 84, -32768, width, height);
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            int o = 4 * y2[i % 3][i / 3 / width, i / 3 % width] + linear[i % 3][i / 3 / width, i / 3 % width];
            pixels[i] = (byte)Math.Clamp(((o + 32) >> 6) + 128, 0, 255);
        }

        return pixels;
    }

    private static int Clamp16(int value) => Math.Clamp(value, -32768, 32767);

    /// <summary>What the filters that are left out do to flat parts.</summary>
    private void ScaleWeights(int scale)
    {
        int gain = 4096;
        for (int pass = 0; pass < 2 * scale; pass++)
        {
            int sum = Clamp16(filters[(pass / 2 * 4)..(pass / 2 * 4 + 4)].Sum());
            gain = Clamp16((gain * sum + 2048) >> 12);
        }

        int linear = 3 * channels + 3;
        hidden = [.. hidden.Select((weight, i) => i < 7 * channels ? Clamp16((weight * gain + 2048) >> 12) : weight)];
        colors = [.. colors.Select((weight, i) => i >= linear && i < linear + 21 ? Clamp16((weight * gain + 2048) >> 12) : weight)];
    }

    private int[,] Upsample(int[,] grid, int k, int scale, Func<int, (int Width, int Height)> sizeOf)
    {
        int[,] plane = new int[grid.GetLength(0), grid.GetLength(1)];
        for (int i = 0; i < plane.Length; i++)
        {
            plane[i / plane.GetLength(1), i % plane.GetLength(1)] = Math.Clamp(grid[i / plane.GetLength(1), i % plane.GetLength(1)], -128, 127) * 256;
        }

        for (int j = k; j > scale; j--)
        {
            (int width, int height) = sizeOf(j - 1);
            int[] p = filters[(4 * (j - 1))..(4 * j)];
            (int rows, int columns) = (plane.GetLength(0), plane.GetLength(1));
            int[,] from = plane;
            int[,] wide = new int[rows, width];
            for (int y = 0; y < rows; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    wide[y, x] = Filtered(p, x, i => from[y, Math.Clamp(i, 0, columns - 1)]);
                }
            }

            plane = new int[height, width];
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    plane[y, x] = Filtered(p, y, i => wide[Math.Clamp(i, 0, rows - 1), x]);
                }
            }
        }

        return plane;
    }

    private static int Filtered(int[] p, int o, Func<int, int> at)
    {
        int i = o / 2;
        int sum = o % 2 == 0
            ? unchecked(p[0] * at(i) + p[1] * at(i - 1) + p[2] * at(i + 1) + p[3] * at(i - 2))
            : unchecked(p[0] * at(i) + p[1] * at(i + 1) + p[2] * at(i - 1) + p[3] * at(i + 2));
        return Clamp16(unchecked(sum + 2048) >> 12);
    }

    private void Mix(int[][,] u, int[][,] z, int[][,] linear, int y, int x)
    {
        int[] a = new int[channels];
        for (int h = 0; h < channels; h++)
        {
            int sum = hidden[7 * channels + h] << 10;
            for (int k = 0; k < 7; k++)
            {
                sum = unchecked(sum + hidden[7 * h + k] * u[k][y, x]);
            }

            a[h] = Math.Clamp(unchecked(sum + 1024) >> 11, 0, 32767);
        }

        for (int c = 0; c < 3; c++)
        {
            int sum = colors[3 * channels + c] << 10;
            for (int h = 0; h < channels; h++)
            {
                sum = unchecked(sum + colors[c * channels + h] * a[h]);
            }

            z[c][y, x] = Clamp16(unchecked(sum + 2048) >> 12);
            sum = colors[3 * channels + 24 + c] << 10;
            for (int k = 0; k < 7; k++)
            {
                sum = unchecked(sum + colors[3 * channels + 3 + 7 * c + k] * u[k][y, x]);
            }

            linear[c][y, x] = unchecked(sum + 512) >> 10;
        }
    }

    private int[][,] Convolve(int[][,] from, int first, int least, int width, int height)
    {
        int[][,] to = [new int[height, width], new int[height, width], new int[height, width]];
        for (int c = 0; c < 3; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    int sum = convolutions[first + 81 + c] << 10;
                    for (int i = 0; i < 3; i++)
                    {
                        for (int ky = 0; ky < 3; ky++)
                        {
                            for (int kx = 0; kx < 3; kx++)
                            {
                                int value = from[i][Math.Clamp(y + ky - 1, 0, height - 1), Math.Clamp(x + kx - 1, 0, width - 1)];
                                sum = unchecked(sum + convolutions[first + 27 * c + 9 * i + 3 * ky + kx] * value);
                            }
                        }
                    }

                    to[c][y, x] = Math.Clamp(from[c][y, x] + (unchecked(sum + 2048) >> 12), least, 32767);
                }
            }
        }

        return to;
    }
}
