using System.Reflection;

namespace ImageCodec.Models;

/// <summary>The package of the models for cars: found where it is referenced, and known by its models where it is not.</summary>
internal static class CarPackage
{
    /// <summary>The name to reference it by.</summary>
    public const string Name = "ImageCodec.Models.Cars";

    /// <summary>
    /// Its assembly, or null where it is not referenced. No code calls it, so it is asked for by a type's name. Written as a constant, that also keeps it
    /// when a program is trimmed or compiled ahead of time.
    /// </summary>
    public static Assembly? Assembly { get; } = Type.GetType("ImageCodec.Models.Cars.CarWeights, ImageCodec.Models.Cars")?.Assembly;

    /// <summary>Its models and their fingerprints.</summary>
    public static IReadOnlyDictionary<string, CodecFingerprint> Models { get; } = new Dictionary<string, CodecFingerprint>
    {
        ["baseline"] = new(0x87D7C1),
        ["residual"] = new(0x3BF5B4),
        ["strided"] = new(0x688F3F),
        ["vae"] = new(0x247CBE),
        ["vae-spatial"] = new(0x049726),
    };
}
