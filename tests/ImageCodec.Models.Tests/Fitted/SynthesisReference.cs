using ImageCodec.Models.Fitted;

namespace ImageCodec.Models.Tests.Fitted;

/// <summary>Upsampling and synthesis as docs/format.md has them, but in real numbers: plane by plane, slow and plain.</summary>
internal sealed class SynthesisReference(FittedLayout layout, RgbImage image)
{
    private readonly int _width = image.Width;
    private readonly int _height = image.Height;

    /// <summary>The mean squared error of values from 0 to 1.</summary>
    public double Error(double[][,] grids, double[] parameters)
    {
        double[][,] output = Output(grids, parameters);
        double sum = 0;
        for (int y = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++)
            {
                for (int color = 0; color < 3; color++)
                {
                    double level = output[color][y, x] * 256 + 128;
                    sum += Math.Pow((level - image.GetRow(y)[3 * x + color]) / 255, 2);
                }
            }
        }

        return sum / (3.0 * _width * _height);
    }

    /// <summary>The three colours in units of 256 levels, zero being level 128.</summary>
    public double[][,] Output(double[][,] grids, double[] p)
    {
        double[][,] u = new double[7][,];
        for (int grid = 0; grid < 7; grid++)
        {
            u[grid] = grid < grids.Length ? grids[grid] : new double[_height, _width];
            for (int level = Math.Min(grid, grids.Length - 1); level > 0 && grid < grids.Length; level--)
            {
                u[grid] = Double(u[grid], FittedLayout.GridSide(_width, level - 1), FittedLayout.GridSide(_height, level - 1), p.AsSpan(layout.Filter(level), 4));
            }
        }

        double[][,] z = [new double[_height, _width], new double[_height, _width], new double[_height, _width]];
        double[][,] past = [new double[_height, _width], new double[_height, _width], new double[_height, _width]];
        double[] hidden = new double[layout.Hidden];
        for (int y = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++)
            {
                for (int h = 0; h < layout.Hidden; h++)
                {
                    double sum = p[layout.HiddenBiases + h];
                    for (int i = 0; i < 7; i++)
                    {
                        sum += p[layout.HiddenWeights + 7 * h + i] * u[i][y, x];
                    }

                    hidden[h] = Math.Max(0, sum);
                }

                for (int color = 0; color < 3; color++)
                {
                    z[color][y, x] = p[layout.ColorBiases + color];
                    for (int h = 0; h < layout.Hidden; h++)
                    {
                        z[color][y, x] += p[layout.ColorWeights + layout.Hidden * color + h] * hidden[h];
                    }

                    past[color][y, x] = p[layout.LinearBiases + color];
                    for (int i = 0; i < 7; i++)
                    {
                        past[color][y, x] += p[layout.LinearWeights + 7 * color + i] * u[i][y, x];
                    }
                }
            }
        }

        double[][,] y1 = AddFilter(z, p.AsSpan(layout.FirstFilter, 81), p.AsSpan(layout.FirstFilterBiases, 3), isRectified: true);
        double[][,] result = AddFilter(y1, p.AsSpan(layout.SecondFilter, 81), p.AsSpan(layout.SecondFilterBiases, 3), isRectified: false);
        for (int color = 0; color < 3; color++)
        {
            for (int y = 0; y < _height; y++)
            {
                for (int x = 0; x < _width; x++)
                {
                    result[color][y, x] += past[color][y, x];
                }
            }
        }

        return result;
    }

    private double[][,] AddFilter(double[][,] input, ReadOnlySpan<double> weights, ReadOnlySpan<double> biases, bool isRectified)
    {
        double[][,] output = new double[3][,];
        for (int color = 0; color < 3; color++)
        {
            output[color] = new double[_height, _width];
            for (int y = 0; y < _height; y++)
            {
                for (int x = 0; x < _width; x++)
                {
                    double sum = input[color][y, x] + biases[color];
                    for (int from = 0; from < 3; from++)
                    {
                        for (int dy = -1; dy <= 1; dy++)
                        {
                            for (int dx = -1; dx <= 1; dx++)
                            {
                                sum += weights[((color * 3 + from) * 3 + dy + 1) * 3 + dx + 1]
                                    * input[from][Math.Clamp(y + dy, 0, _height - 1), Math.Clamp(x + dx, 0, _width - 1)];
                            }
                        }
                    }

                    output[color][y, x] = isRectified ? Math.Max(0, sum) : sum;
                }
            }
        }

        return output;
    }

    private static double[,] Double(double[,] from, int width, int height, ReadOnlySpan<double> taps)
    {
        int fromHeight = from.GetLength(0), fromWidth = from.GetLength(1);
        double[,] wide = new double[fromHeight, width];
        for (int y = 0; y < fromHeight; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int tap = 0; tap < 4; tap++)
                {
                    wide[y, x] += taps[tap] * from[y, Place(x, tap, fromWidth)];
                }
            }
        }

        double[,] result = new double[height, width];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int tap = 0; tap < 4; tap++)
                {
                    result[y, x] += taps[tap] * wide[Place(y, tap, fromHeight), x];
                }
            }
        }

        return result;
    }

    private static int Place(int place, int tap, int length)
    {
        int[] evens = [0, -1, 1, -2], odds = [0, 1, -1, 2];
        return Math.Clamp(place / 2 + (place % 2 == 0 ? evens : odds)[tap], 0, length - 1);
    }
}
