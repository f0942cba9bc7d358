using System.Numerics;

namespace ImageCodec.SamplePicture;

/// <summary>What a ray sees that meets nothing: trees behind the wall, clouds, the sky.</summary>
internal static class Sky
{
    /// <summary>The light from a direction.</summary>
    public static Vector3 Light(Vector3 direction)
    {
        float height = MathF.Max(0, direction.Y);
        Vector3 blue = Vector3.Lerp(new Vector3(0.72f, 0.82f, 0.95f), new Vector3(0.16f, 0.34f, 0.72f), MathF.Pow(height, 0.6f));

        // Clouds lie on a plane high above.
        Vector3 onPlane = direction / (height + 0.12f);
        float cloud = Noise.Fractal(new Vector3(0.9f * onPlane.X, 0.9f * onPlane.Z, 4.2f), 6);
        float cover = Math.Clamp((cloud - 0.5f) * 4.5f, 0, 1);
        float shade = Noise.Fractal(new Vector3(0.9f * onPlane.X + 0.15f, 0.9f * onPlane.Z + 0.1f, 4.6f), 4);
        return Vector3.Lerp(blue, (1.15f - 0.6f * shade) * new Vector3(1, 0.98f, 0.96f), cover);
    }

    /// <summary>The crowns of trees on a plane behind the wall, or null where a ray passes between them.</summary>
    public static Vector3? Trees(Vector3 origin, Vector3 direction)
    {
        const float Back = -7;
        float distance = (Back - origin.Z) / direction.Z;
        if (distance <= 0)
        {
            return null;
        }

        Vector3 p = origin + distance * direction;
        float top = 3.15f + 1.5f * (Noise.Fractal(new Vector3(0.42f * p.X + 1.2f, 7, 1), 2) - 0.3f);
        float leaves = Noise.Fractal(new Vector3(2.2f * p.X, 2.2f * p.Y, 3), 5);
        if (p.Y + 1.7f * (leaves - 0.47f) > top)
        {
            return null;
        }

        float tuft = Noise.Fractal(new Vector3(1.7f * p.X + 9, 1.7f * p.Y, 6), 3);
        float light = 0.18f + 1.5f * MathF.Pow(tuft, 1.5f) * (0.35f + leaves);
        return light * Vector3.Lerp(new Vector3(0.07f, 0.13f, 0.035f), new Vector3(0.2f, 0.24f, 0.07f), Noise.Fractal(0.8f * p, 2));
    }
}
