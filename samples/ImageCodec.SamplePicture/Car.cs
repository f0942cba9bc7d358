using System.Numerics;

namespace ImageCodec.SamplePicture;

/// <summary>
/// A small car as a distance function: how far a place is from its surface, below zero inside. Its front looks to negative x; it stands
/// on y = 0 with its middle on z = 0.
/// </summary>
internal static class Car
{
    private const float WheelRadius = 0.32f;
    private const float FrontWheel = -1.27f;
    private const float RearWheel = 1.25f;

    private static readonly Vector3 Low = new(-2.2f, 0, -0.95f);
    private static readonly Vector3 High = new(2.2f, 1.55f, 0.95f);

    // Side views.
    private static readonly Vector2[] BodyOutline =
    [
        new(-2.02f, 0.28f), new(-2.05f, 0.56f), new(-1.9f, 0.7f), new(-1.1f, 0.84f), new(1.75f, 0.9f), new(1.98f, 0.84f), new(2.02f, 0.5f),
        new(1.95f, 0.26f),
    ];

    private static readonly Vector2[] CabinOutline =
        [new(-1.05f, 0.8f), new(-0.32f, 1.34f), new(0.3f, 1.42f), new(1.15f, 1.36f), new(1.78f, 0.86f)];

    private static readonly Surface Paint = new(new Vector3(0.02f, 0.065f, 0.19f), 0.045f);
    private static readonly Surface Glass = new(new Vector3(0.012f, 0.016f, 0.018f), 0.1f);
    private static readonly Surface Rubber = new(new Vector3(0.02f, 0.02f, 0.022f));
    private static readonly Surface Metal = new(new Vector3(0.42f, 0.43f, 0.45f), 0.2f);
    private static readonly Surface Trim = new(new Vector3(0.03f, 0.03f, 0.033f), 0.02f);
    private static readonly Surface Lamp = new(new Vector3(0.75f, 0.75f, 0.7f), 0.15f, 0.12f);
    private static readonly Surface TailLamp = new(new Vector3(0.5f, 0.02f, 0.02f), 0.1f);
    private static readonly Surface Plate = new(new Vector3(0.75f, 0.72f, 0.6f));

    /// <summary>Where a ray first meets the car.</summary>
    public static Hit? Meet(Vector3 origin, Vector3 direction)
    {
        if (!CrossesBox(origin, direction, out float t, out float end))
        {
            return null;
        }

        for (int i = 0; i < 90 && t < end; i++)
        {
            Vector3 p = origin + t * direction;
            float distance = Distance(p);
            if (distance < 0.0015f)
            {
                Vector3 normal = Normal(p);
                return new Hit(t, p, normal, SurfaceAt(p, normal));
            }

            t += 0.85f * distance;
        }

        return null;
    }

    /// <summary>The distance from the car's surface.</summary>
    public static float Distance(Vector3 p) => MathF.Min(MathF.Min(Body(p), Cabin(p)), MathF.Min(Wheel(p, FrontWheel), Wheel(p, RearWheel)));

    private static float Body(Vector3 p)
    {
        float side = MathF.Abs(p.Z);
        float narrowing = 0.12f * (p.Y - 0.55f) * (p.Y - 0.55f) + 0.02f * p.X * p.X * p.X * p.X / 4;
        float body = Extrude(Polygon(BodyOutline, p), side - (0.79f - narrowing)) - 0.055f;
        float arches = MathF.Min(Length(p.X - FrontWheel, p.Y - WheelRadius), Length(p.X - RearWheel, p.Y - WheelRadius)) - 0.385f;
        return MathF.Max(body, -MathF.Max(arches, 0.5f - side));
    }

    private static float Cabin(Vector3 p) =>
        Extrude(Polygon(CabinOutline, p), MathF.Abs(p.Z) - (0.76f - 0.38f * MathF.Max(0, p.Y - 0.85f))) - 0.05f;

    private static float Wheel(Vector3 p, float x) =>
        Extrude(Length(p.X - x, p.Y - WheelRadius) - WheelRadius + 0.03f, MathF.Abs(MathF.Abs(p.Z) - 0.69f) - 0.08f) - 0.03f;

    private static Surface SurfaceAt(Vector3 p, Vector3 normal)
    {
        float side = MathF.Abs(p.Z);
        foreach (float x in (ReadOnlySpan<float>)[FrontWheel, RearWheel])
        {
            if (Wheel(p, x) < 0.004f)
            {
                return WheelSurface(p.X - x, p.Y - WheelRadius);
            }
        }

        if (Cabin(p) < 0.004f && p.Y > 0.9f)
        {
            bool isPillar = MathF.Abs(p.X - 0.42f) < 0.035f;
            bool isSideWindow = MathF.Abs(normal.Z) > 0.6f && Polygon(CabinOutline, p) < -0.045f && !isPillar;
            bool isScreen = MathF.Abs(normal.X) > 0.35f && side < 0.72f - 0.38f * (p.Y - 0.85f) && p.Y < 1.34f;
            return (isSideWindow || isScreen) && p.Y > 0.93f ? Glass : Paint;
        }

        if (p.Y < 0.33f)
        {
            return Trim;
        }

        if (normal.X < -0.3f && p.X < -1.8f)
        {
            return side < 0.26f && p.Y is > 0.36f and < 0.47f ? Plate
                : side > 0.42f && p.Y is > 0.53f and < 0.66f ? Lamp
                : side < 0.4f && p.Y is > 0.52f and < 0.62f ? Trim
                : Paint;
        }

        if (p.X > 1.86f && side > 0.5f && p.Y is > 0.6f and < 0.78f)
        {
            return TailLamp;
        }

        bool isGap = MathF.Abs(p.X + 0.62f) < 0.012f || MathF.Abs(p.X - 0.45f) < 0.012f || MathF.Abs(p.X - 1.3f + 0.25f * p.Y) < 0.012f;
        bool isHandle = p.Y is > 0.73f and < 0.765f && (p.X is > 0.2f and < 0.37f || p.X is > 0.83f and < 1f);
        return MathF.Abs(normal.Z) > 0.7f && p.Y < 0.84f && isHandle ? Metal : MathF.Abs(normal.Z) > 0.7f && isGap ? Trim : Paint;
    }

    private static Surface WheelSurface(float x, float y)
    {
        float radius = Length(x, y);
        float spoke = MathF.Abs(MathF.IEEERemainder(MathF.Atan2(y, x), MathF.Tau / 5)) * radius;
        return radius > 0.225f ? Rubber : radius > 0.195f || radius < 0.05f || spoke < 0.035f ? Metal : Trim;
    }

    private static Vector3 Normal(Vector3 p)
    {
        const float Step = 0.004f;
        return Vector3.Normalize(new Vector3(
            Distance(p + Step * Vector3.UnitX) - Distance(p - Step * Vector3.UnitX),
            Distance(p + Step * Vector3.UnitY) - Distance(p - Step * Vector3.UnitY),
            Distance(p + Step * Vector3.UnitZ) - Distance(p - Step * Vector3.UnitZ)));
    }

    /// <summary>The distance from a flat outline, made a body by the distance from its two ends.</summary>
    private static float Extrude(float outline, float ends) =>
        MathF.Min(MathF.Max(outline, ends), 0) + Length(MathF.Max(outline, 0), MathF.Max(ends, 0));

    private static float Polygon(ReadOnlySpan<Vector2> corners, Vector3 place)
    {
        Vector2 p = new(place.X, place.Y);
        float nearest = float.MaxValue;
        bool isInside = false;
        Vector2 from = corners[^1];
        foreach (Vector2 to in corners)
        {
            Vector2 edge = to - from;
            Vector2 offset = p - from;
            float along = Math.Clamp(Vector2.Dot(offset, edge) / edge.LengthSquared(), 0, 1);
            nearest = MathF.Min(nearest, (offset - along * edge).LengthSquared());
            isInside ^= (from.Y > p.Y) != (to.Y > p.Y) && p.X < from.X + (p.Y - from.Y) / edge.Y * edge.X;
            from = to;
        }

        return MathF.Sqrt(nearest) * (isInside ? -1 : 1);
    }

    private static bool CrossesBox(Vector3 origin, Vector3 direction, out float start, out float end)
    {
        Vector3 a = (Low - origin) / direction;
        Vector3 b = (High - origin) / direction;
        Vector3 enter = Vector3.Min(a, b);
        Vector3 leave = Vector3.Max(a, b);
        start = MathF.Max(0, MathF.Max(enter.X, MathF.Max(enter.Y, enter.Z)));
        end = MathF.Min(leave.X, MathF.Min(leave.Y, leave.Z));
        return start < end;
    }

    private static float Length(float x, float y) => MathF.Sqrt(x * x + y * y);
}
