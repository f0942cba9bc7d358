using System.Numerics;

namespace ImageCodec.SamplePicture;

/// <summary>The ground, the wall and what is behind it, with their textures. The street runs along x; y is up; the wall is at the back.</summary>
internal static class Street
{
    /// <summary>Where the wall stands.</summary>
    public const float WallZ = -2.9f;

    private const float WallHeight = 2.55f;
    private const float KerbZ = -1.15f;
    private const float KerbHeight = 0.13f;
    private const float LampX = 2.75f;
    private const float LampZ = -1.6f;
    private const float LampRadius = 0.055f;

    /// <summary>Where a ray first meets the street or the wall; null for the sky.</summary>
    public static Hit? Meet(Vector3 origin, Vector3 direction)
    {
        Hit? nearest = null;
        void Try(float distance, Func<Vector3, bool> isThere, Vector3 normal, Func<Vector3, Surface> surface)
        {
            Vector3 place = origin + distance * direction;
            if (distance > 0.001f && (nearest is null || distance < nearest.Value.Distance) && isThere(place))
            {
                nearest = new Hit(distance, place, normal, surface(place));
            }
        }

        Try(-origin.Y / direction.Y, p => p.Z > KerbZ, Vector3.UnitY, Asphalt);
        Try((KerbHeight - origin.Y) / direction.Y, p => p.Z <= KerbZ && p.Z > WallZ, Vector3.UnitY, Pavement);
        Try((KerbZ - origin.Z) / direction.Z, p => p.Y is >= 0 and <= KerbHeight, Vector3.UnitZ, Kerb);
        Try((WallZ - origin.Z) / direction.Z, p => p.Y is >= 0 and < WallHeight, Vector3.UnitZ, Wall);
        if (MeetLamp(origin, direction) is { } lamp && (nearest is null || lamp.Distance < nearest.Value.Distance))
        {
            nearest = lamp;
        }

        return nearest;
    }

    /// <summary>The upright cylinder of a street lamp.</summary>
    public static Hit? MeetLamp(Vector3 origin, Vector3 direction)
    {
        Vector2 offset = new(origin.X - LampX, origin.Z - LampZ);
        Vector2 way = new(direction.X, direction.Z);
        float a = way.LengthSquared();
        float b = Vector2.Dot(offset, way);
        float root = b * b - a * (offset.LengthSquared() - LampRadius * LampRadius);
        float distance = root < 0 ? -1 : (-b - MathF.Sqrt(root)) / a;
        Vector3 place = origin + distance * direction;
        if (distance < 0.001f || place.Y < KerbHeight)
        {
            return null;
        }

        Vector3 normal = new Vector3(place.X - LampX, 0, place.Z - LampZ) / LampRadius;
        return new Hit(distance, place, normal, new Surface(new Vector3(0.05f, 0.075f, 0.06f), 0.05f));
    }

    private static Surface Asphalt(Vector3 p)
    {
        float patches = Noise.Fractal(0.9f * p, 3);
        float grain = Noise.Fractal(38 * p, 3);
        float crack = MathF.Abs(Noise.Fractal(1.4f * p + new Vector3(3, 0, 8), 4) - 0.47f);
        float tone = 0.08f + 0.08f * patches + 0.11f * (grain - 0.45f);
        tone *= crack < 0.006f ? 0.45f : 1;

        // The edge of a parking bay, worn.
        bool isLine = MathF.Abs(p.Z - 1.35f) < 0.06f || (MathF.Abs(p.X + 2.75f) < 0.06f && p.Z < 1.35f);
        if (isLine && grain + 0.25f * patches > 0.42f)
        {
            tone = 0.5f + 0.25f * (grain - 0.5f);
        }

        return new Surface(tone * new Vector3(1, 0.98f, 0.95f));
    }

    private static Surface Pavement(Vector3 p)
    {
        if (p.Z > KerbZ - 0.15f)
        {
            return Kerb(p);
        }

        const float Slab = 0.58f;
        float row = MathF.Floor(p.Z / Slab);
        float x = p.X / Slab + 0.5f * (row % 2);
        float inX = x - MathF.Floor(x);
        float inZ = p.Z / Slab - row;
        float slabTone = Noise.At((int)MathF.Floor(x), (int)row, 5);
        float tone = 0.27f + 0.06f * (slabTone - 0.5f) + 0.1f * (Noise.Fractal(16 * p, 3) - 0.45f);
        bool isJoint = inX < 0.03f || inZ < 0.03f;
        return new Surface((isJoint ? 0.45f : 1) * tone * new Vector3(1.03f, 1, 0.94f));
    }

    private static Surface Kerb(Vector3 p)
    {
        float x = p.X / 0.9f;
        float tone = 0.33f + 0.12f * (Noise.Fractal(20 * p, 3) - 0.45f);
        return new Surface((x - MathF.Floor(x) < 0.015f ? 0.4f : 1) * tone * Vector3.One);
    }

    private static Surface Wall(Vector3 p)
    {
        if (p.Y > WallHeight - 0.14f)
        {
            return Kerb(p);
        }

        if (Gate(p) is { } gate)
        {
            return gate;
        }

        const float Length = 0.235f;
        const float Height = 0.082f;
        float row = MathF.Floor(p.Y / Height);
        float x = p.X / Length + 0.5f * (row % 2);
        float inX = (x - MathF.Floor(x)) * Length;
        float inY = p.Y - row * Height;
        float stain = Noise.Fractal(new Vector3(0.7f * p.X, 1.1f * p.Y, 2), 4);
        float grain = 0.75f + 0.5f * Noise.Fractal(26 * p, 3);
        if (inX < 0.014f || inY < 0.014f)
        {
            return new Surface(grain * (0.22f + 0.16f * stain) * new Vector3(1, 0.95f, 0.86f));
        }

        float kind = Noise.At((int)MathF.Floor(x), (int)row, 1);
        Vector3 brick = Vector3.Lerp(new Vector3(0.2f, 0.075f, 0.045f), new Vector3(0.36f, 0.17f, 0.1f), kind);
        float damp = float.Lerp(0.6f, 1, Math.Clamp((p.Y - 0.12f - 0.5f * stain) / 0.35f, 0, 1));
        return new Surface(grain * damp * (0.7f + 0.7f * stain) * brick);
    }

    /// <summary>A wooden gate in the wall, of upright boards.</summary>
    private static Surface? Gate(Vector3 p)
    {
        float x = p.X + 3.05f;
        if (MathF.Abs(x) > 0.85f || p.Y > 2.15f)
        {
            return null;
        }

        if (MathF.Abs(x) > 0.75f || p.Y > 2.05f)
        {
            return Kerb(p);
        }

        float board = MathF.Floor(x / 0.15f);
        bool isGap = x / 0.15f - board < 0.08f;
        float fibre = Noise.Fractal(new Vector3(30 * p.X, 2.5f * p.Y, board), 3);
        Vector3 green = new Vector3(0.06f, 0.13f, 0.085f) * (0.6f + 0.8f * fibre) * (0.85f + 0.3f * Noise.At((int)board, 3));
        return new Surface(isGap ? 0.25f * green : green);
    }
}
