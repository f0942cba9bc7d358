namespace ImageCodec.Models.Tests;

/// <summary>
/// Large pictures for tests, the same for the same size on every machine, as only whole numbers make them: blocks with ragged edges, each with its
/// own colour and its own contrast, some striped in black and white, and over all of them noise of every size, as photos have it.
/// </summary>
internal static class DetailedPicture
{
    /// <summary>Sides of the noise's cells as powers of two, coarse to fine, and how far each goes to either side, in 256ths of a level.</summary>
    private static readonly (int Log, int Amplitude)[] s_octaves = [(8, 6000), (7, 5000), (6, 5000), (5, 5000), (4, 5000), (3, 5000), (2, 5000), (1, 5000)];

    public static RgbImage Create(int width, int height)
    {
        RgbImage image = new(width, height);
        Parallel.For(0, height, y =>
        {
            Span<byte> row = image.GetRow(y);
            for (int x = 0; x < width; x++)
            {
                int wobble = Noise(x, y, 4, 90) >> 12;
                uint block = Hash((x + wobble) / 83, (y - wobble) / 61, 91);
                int contrast = (int)(block >> 8 & 7);
                int brightness = 128 * 256;
                for (int i = 0; i < s_octaves.Length; i++)
                {
                    brightness += Noise(x, y, s_octaves[i].Log, i) * s_octaves[i].Amplitude / 32768 * (i < 3 ? 3 : contrast) / 3;
                }

                if ((block >> 4 & 15) == 0)
                {
                    brightness += ((x * (int)(block & 3) + y * (int)(block >> 2 & 3)) / 5 & 1) == 0 ? -90 * 256 : 90 * 256;
                }

                for (int colour = 0; colour < 3; colour++)
                {
                    int tint = ((int)(block >> (10 + 7 * colour) & 127) - 64) * 160 + Noise(x, y, 6, 50 + colour) / 12;
                    row[3 * x + colour] = (byte)Math.Clamp((brightness + tint) >> 8, 0, 255);
                }
            }
        });
        return image;
    }

    /// <summary>Noise with values of −32768 … 32767 at the corners of cells of side 2^log, linear between them.</summary>
    private static int Noise(int x, int y, int log, int seed)
    {
        (int column, int row) = (x >> log, y >> log);
        (int right, int down) = (x & ((1 << log) - 1), y & ((1 << log) - 1));
        int above = Between(Corner(column, row), Corner(column + 1, row), right);
        int below = Between(Corner(column, row + 1), Corner(column + 1, row + 1), right);
        return Between(above, below, down);

        int Corner(int atColumn, int atRow) => (int)(Hash(atColumn, atRow, seed) >> 16) - 32768;

        int Between(int from, int to, int part) => from + (((to - from) * part) >> log);
    }

    /// <summary>Mixes three numbers; multipliers and shifts of MurmurHash3's end (Appleby, 2011).</summary>
    private static uint Hash(int x, int y, int seed)
    {
        uint h = unchecked((uint)x * 0x9E3779B1 ^ (uint)y * 0x85EBCA77 ^ (uint)seed * 0xC2B2AE3D);
        h = unchecked((h ^ (h >> 16)) * 0x85EBCA6B);
        h = unchecked((h ^ (h >> 13)) * 0xC2B2AE35);
        return h ^ (h >> 16);
    }
}
