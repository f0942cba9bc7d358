using System.Reflection;

namespace ImageCodec.Models;

/// <summary>A package of weights and no code: found where it is referenced, and known by its models where it is not.</summary>
/// <param name="name">The name to reference it by.</param>
/// <param name="marker">
/// A type in it, or null where it is not referenced. No code calls the package, so it is asked for by that type's name. Written as a constant, that also
/// keeps it when a program is trimmed or compiled ahead of time.
/// </param>
/// <param name="models">Its models and their fingerprints.</param>
internal sealed class WeightsPackage(string name, Type? marker, IReadOnlyDictionary<string, CodecFingerprint> models)
{
    /// <summary>The packages there are.</summary>
    public static IReadOnlyList<WeightsPackage> All { get; } =
    [
        new(
            "ImageCodec.Models.Cars",
            Type.GetType("ImageCodec.Models.Cars.CarWeights, ImageCodec.Models.Cars"),
            new Dictionary<string, CodecFingerprint>
            {
                ["baseline"] = new(0x87D7C1),
                ["residual"] = new(0x3BF5B4),
                ["strided"] = new(0x688F3F),
                ["vae"] = new(0x247CBE),
                ["vae-spatial"] = new(0x049726),
            }),
        new(
            "ImageCodec.Models.Visual",
            Type.GetType("ImageCodec.Models.Visual.VisualWeights, ImageCodec.Models.Visual"),
            new Dictionary<string, CodecFingerprint> { ["photo-visual"] = new(0x818A01) }),
    ];

    /// <summary>The name to reference it by.</summary>
    public string Name => name;

    /// <summary>Its assembly, or null where it is not referenced.</summary>
    public Assembly? Assembly => marker?.Assembly;

    /// <summary>Its models and their fingerprints.</summary>
    public IReadOnlyDictionary<string, CodecFingerprint> Models => models;
}
