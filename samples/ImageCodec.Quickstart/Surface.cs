using System.Numerics;

namespace ImageCodec.Quickstart;

/// <summary>What light meets at a place.</summary>
/// <param name="Color">The share of light that is scattered, by colour, linear.</param>
/// <param name="Gloss">The share that is mirrored when looked at straight: 0 for dull surfaces.</param>
/// <param name="Glow">Light of its own.</param>
internal readonly record struct Surface(Vector3 Color, float Gloss = 0, float Glow = 0);

/// <summary>Where a ray meets something.</summary>
/// <param name="Distance">Along the ray, in metres.</param>
/// <param name="Place">The place.</param>
/// <param name="Normal">Straight out of the surface.</param>
/// <param name="Surface">What is there.</param>
internal readonly record struct Hit(float Distance, Vector3 Place, Vector3 Normal, Surface Surface);
