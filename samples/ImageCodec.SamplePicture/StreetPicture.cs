using System.Numerics;

namespace ImageCodec.SamplePicture;

/// <summary>Renders a street with a parked car in front of a wall on a fair day, by following rays of light.</summary>
internal static class StreetPicture
{
    private const int SamplesPerSide = 3;
    private const float FocalLength = 1.95f;
    private const float SunSize = 0.035f;

    private static readonly Vector3 Eye = new(-3.5f, 1.62f, 5.6f);
    private static readonly Vector3 Target = new(-0.2f, 0.98f, 0);
    private static readonly Vector3 ToSun = Vector3.Normalize(new Vector3(-0.75f, 0.85f, 0.62f));
    private static readonly Vector3 SunLight = 2.7f * new Vector3(1, 0.93f, 0.8f);

    /// <summary>Renders the picture.</summary>
    public static RgbImage Render(int width, int height)
    {
        RgbImage image = new(width, height);
        Vector3 forward = Vector3.Normalize(Target - Eye);
        Vector3 right = Vector3.Normalize(Vector3.Cross(forward, Vector3.UnitY));
        Vector3 up = Vector3.Cross(right, forward);
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = image.GetRow(y);
            for (int x = 0; x < width; x++)
            {
                Vector3 sum = Vector3.Zero;
                for (int sample = 0; sample < SamplesPerSide * SamplesPerSide; sample++)
                {
                    // One place in each of 3×3 cells of the pixel: smooth edges, without patterns.
                    float inX = (sample % SamplesPerSide + Noise.At(x, y, 2 * sample)) / SamplesPerSide;
                    float inY = (sample / SamplesPerSide + Noise.At(x, y, 2 * sample + 1)) / SamplesPerSide;
                    float across = (2 * (x + inX) - width) / width;
                    float down = (2 * (y + inY) - height) / width;
                    Vector3 direction = Vector3.Normalize(FocalLength * forward + across * right - down * up);
                    sum += Follow(Eye, direction, SunFrom(x, y, sample), mayMirror: true);
                }

                Vector3 light = sum / (SamplesPerSide * SamplesPerSide);
                row[3 * x] = Develop(light.X);
                row[3 * x + 1] = Develop(light.Y);
                row[3 * x + 2] = Develop(light.Z);
            }
        }

        return image;
    }

    /// <summary>The light that comes to a place from a direction.</summary>
    private static Vector3 Follow(Vector3 origin, Vector3 direction, Vector3 sun, bool mayMirror)
    {
        Hit? street = Street.Meet(origin, direction);
        Hit? car = mayMirror ? Car.Meet(origin, direction) : null;
        if ((car is { } c && (street is null || c.Distance < street.Value.Distance) ? car : street) is not { } hit)
        {
            return Sky.Trees(origin, direction) ?? Sky.Light(direction);
        }

        Vector3 outside = hit.Place + 0.006f * hit.Normal;
        float openness = Math.Clamp(Car.Distance(hit.Place + 0.3f * hit.Normal) / 0.3f, 0.12f, 1);
        float facing = MathF.Max(0, Vector3.Dot(hit.Normal, sun));
        float sunShare = facing > 0 && Car.Meet(outside, sun) is null && Street.MeetLamp(outside, sun) is null ? facing * Dapple(hit.Place) : 0;
        Vector3 fromSky = openness * (0.24f + 0.18f * hit.Normal.Y) * new Vector3(0.75f, 0.88f, 1.1f);
        Vector3 light = hit.Surface.Color * (sunShare * SunLight + fromSky) + new Vector3(hit.Surface.Glow);
        if (hit.Surface.Gloss > 0 && mayMirror)
        {
            Vector3 mirrored = Vector3.Reflect(direction, hit.Normal);
            float fresnel = hit.Surface.Gloss + (1 - hit.Surface.Gloss) * MathF.Pow(1 - MathF.Max(0, -Vector3.Dot(direction, hit.Normal)), 5);
            float glint = sunShare > 0 ? 9 * MathF.Pow(MathF.Max(0, Vector3.Dot(mirrored, sun)), 160) : 0;
            light += fresnel * (Follow(outside, mirrored, sun, mayMirror: false) + new Vector3(glint));
        }

        return light;
    }

    /// <summary>The share of sunlight that a tree beside the picture lets through: soft spots.</summary>
    private static float Dapple(Vector3 place)
    {
        Vector3 across = place - place.Z / ToSun.Z * ToSun;
        float leaves = Noise.Fractal(new Vector3(1.1f * across.X + 4.4f, 1.1f * across.Y, 2), 4);
        float crown = Math.Clamp((across.X - 0.6f) * 0.9f, 0, 1);
        return 1 - crown * Math.Clamp((leaves - 0.4f) * 7, 0, 0.85f);
    }

    /// <summary>A random place on the sun's disc, a large one, so that shadows have soft edges.</summary>
    private static Vector3 SunFrom(int x, int y, int sample) => Vector3.Normalize(
        ToSun + SunSize * new Vector3(Noise.At(x, y, 40 + sample) - 0.5f, Noise.At(x, y, 60 + sample) - 0.5f, Noise.At(x, y, 80 + sample) - 0.5f));

    /// <summary>Light to an 8-bit level: bright parts are held back as by film, then the gamma of screens.</summary>
    private static byte Develop(float light)
    {
        float held = light * (1 + light / 4) / (1 + light);
        return (byte)(Math.Clamp(MathF.Pow(1.18f * held, 1 / 2.2f), 0, 1) * 255 + 0.5f);
    }
}
