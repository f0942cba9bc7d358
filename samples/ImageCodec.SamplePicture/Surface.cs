using System.Numerics;

namespace ImageCodec.SamplePicture;

/// <summary>What light meets at a place.</summary>
/// <param name="Color">The share of light that is scattered, by colour, linear.</param>
/// <param name="Gloss">The share that is mirrored when looked at straight: 0 for dull surfaces.</param>
/// <param name="Glow">Light of its own.</param>
internal readonly record struct Surface(Vector3 Color, float Gloss = 0, float Glow = 0);
