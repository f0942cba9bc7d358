namespace ImageCodec;

/// <summary>What the colours of a picture mean, by the numbers of ITU-T H.273, as the chunk cICP of PNG has them.</summary>
/// <param name="Primaries">The primaries: 1 those of sRGB, 9 of BT.2020, 12 of Display P3.</param>
/// <param name="Transfer">The transfer function: 13 that of sRGB, 16 PQ, 18 HLG.</param>
/// <param name="Matrix">The matrix from RGB: 0, none, for all pictures here.</param>
/// <param name="IsFullRange">Whether samples go from 0 to 255; else from 16 to 235.</param>
public readonly record struct ColorCodePoints(byte Primaries, byte Transfer, byte Matrix, bool IsFullRange);
