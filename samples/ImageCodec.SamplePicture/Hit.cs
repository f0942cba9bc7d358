using System.Numerics;

namespace ImageCodec.SamplePicture;

/// <summary>Where a ray meets something.</summary>
/// <param name="Distance">Along the ray, in metres.</param>
/// <param name="Place">The place.</param>
/// <param name="Normal">Straight out of the surface.</param>
/// <param name="Surface">What is there.</param>
internal readonly record struct Hit(float Distance, Vector3 Place, Vector3 Normal, Surface Surface);
