using System.Runtime.Intrinsics;

namespace ImageCodec;

/// <summary>The last two sums of a <see cref="CosineStep"/>, each in all four places.</summary>
internal readonly record struct CosineState(Vector128<float> Last, Vector128<float> Older);
