namespace ImageCodec.Evaluation;

/// <summary>One picture through one codec at one setting, by a real file.</summary>
/// <param name="Setting">The codec's setting.</param>
/// <param name="Bytes">The whole file's length.</param>
/// <param name="BitsPerPixel">The same in bits over the picture's pixels.</param>
/// <param name="Distortion">How good the picture is that came back.</param>
/// <param name="EncodeSeconds">Time to make the file; of a classical codec the whole run of its command.</param>
/// <param name="DecodeSeconds">Time to restore the picture, likewise.</param>
internal sealed record Measurement(double Setting, long Bytes, double BitsPerPixel, Distortion Distortion, double EncodeSeconds, double DecodeSeconds);
