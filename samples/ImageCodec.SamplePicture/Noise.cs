using System.Numerics;

namespace ImageCodec.SamplePicture;

/// <summary>Smooth random values in space: the grain of asphalt, bricks, leaves and clouds.</summary>
internal static class Noise
{
    /// <summary>A random number in [0, 1) for a place of the integer grid.</summary>
    public static float At(int x, int y, int z = 0)
    {
        unchecked
        {
            uint hash = (uint)x * 0x9E3779B1u ^ (uint)y * 0x85EBCA77u ^ (uint)z * 0xC2B2AE3Du;
            hash = (hash ^ (hash >> 15)) * 0x2C1B3C6Du;
            hash = (hash ^ (hash >> 12)) * 0x297A2D39u;
            return (hash ^ (hash >> 15)) / 4294967296f;
        }
    }

    /// <summary>Between the grid's random numbers, smoothly.</summary>
    public static float Smooth(Vector3 p)
    {
        Vector3 floor = new(MathF.Floor(p.X), MathF.Floor(p.Y), MathF.Floor(p.Z));
        Vector3 t = p - floor;
        t = t * t * (new Vector3(3) - 2 * t);
        int x = (int)floor.X;
        int y = (int)floor.Y;
        int z = (int)floor.Z;
        float near = float.Lerp(float.Lerp(At(x, y, z), At(x + 1, y, z), t.X), float.Lerp(At(x, y + 1, z), At(x + 1, y + 1, z), t.X), t.Y);
        float far = float.Lerp(
            float.Lerp(At(x, y, z + 1), At(x + 1, y, z + 1), t.X), float.Lerp(At(x, y + 1, z + 1), At(x + 1, y + 1, z + 1), t.X), t.Y);
        return float.Lerp(near, far, t.Z);
    }

    /// <summary>Smooth noise of several sizes on top of each other, each half as large and half as strong as the one before: about 0 … 1.</summary>
    public static float Fractal(Vector3 p, int octaves)
    {
        float sum = 0;
        float strength = 0.5f;
        for (int i = 0; i < octaves; i++)
        {
            sum += strength * Smooth(p);
            strength /= 2;
            p = 2.03f * p + new Vector3(17.3f, 5.1f, 9.7f);
        }

        return sum;
    }
}
