using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>What one call of <see cref="TileKernel"/> works on. Steps and pitches count floats.</summary>
internal unsafe struct TileArguments
{
    /// <summary>The factor of the first row; <see cref="RowStep"/> on lies that of the next row.</summary>
    public float* A;

    /// <summary>From one tile row's factor to the next one's.</summary>
    public nint RowStep;

    /// <summary>From one inner term's factor to the next one's.</summary>
    public nint InnerStep;

    /// <summary>From the first factor of an outer step to that of the next.</summary>
    public nint OuterStep;

    public int OuterCount;

    /// <summary>How often the outer steps are gone through again, each time <see cref="GroupStep"/> further on; at least 1.</summary>
    public int GroupCount;

    /// <summary>From the first factor of a group to that of the next.</summary>
    public nint GroupStep;

    public int InnerCount;

    /// <summary>The vectors that the factors multiply: one pair (or one) for each term, in the order of the terms.</summary>
    public float* B;

    /// <summary>From one term's vectors to the next one's.</summary>
    public nint BStep;

    /// <summary>What each row's sum starts from.</summary>
    public float* Start;

    /// <summary>From one row's start to the next one's; 0 where all share one, as a bias.</summary>
    public nint StartPitch;

    /// <summary>Receives the rows.</summary>
    public float* C;

    public nint CPitch;

    /// <summary>Whether what is not greater than zero becomes zero.</summary>
    public bool Relu;
}

/// <summary>
/// The one inner loop of convolutions and their gradients: a register tile of rows by one or two vectors,
/// C[r] = Start[r] + Σ A[r, k] · B[k]. Each sum is one chain of fused multiply-adds in the order of the terms, so its bits depend
/// neither on the vector width nor on how the rows are cut into tiles.
/// </summary>
internal static unsafe class TileKernel
{
    /// <summary>Rows of the largest tile of all widths.</summary>
    public const int MaxRows = 14;

    /// <summary>Runs a tile of <typeparamref name="TRows"/> rows by <typeparamref name="TVectors"/> (1 or 2) vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TVector, TSimd, TRows, TVectors>(ref readonly TileArguments arguments)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
        where TRows : struct, IConstant
        where TVectors : struct, IConstant
    {
        int lanes = TSimd.Lanes;
        float* s = arguments.Start;
        nint pitch = arguments.StartPitch;
        TVector c0x = TSimd.Load(s), c0y = TVectors.Value > 1 ? TSimd.Load(s + lanes) : default;
        TVector c1x = default, c1y = default;
        TVector c2x = default, c2y = default;
        TVector c3x = default, c3y = default;
        TVector c4x = default, c4y = default;
        TVector c5x = default, c5y = default;
        TVector c6x = default, c6y = default;
        TVector c7x = default, c7y = default;
        TVector c8x = default, c8y = default;
        TVector c9x = default, c9y = default;
        TVector c10x = default, c10y = default;
        TVector c11x = default, c11y = default;
        TVector c12x = default, c12y = default;
        TVector c13x = default, c13y = default;
        if (TRows.Value > 1) { s += pitch; c1x = TSimd.Load(s); if (TVectors.Value > 1) { c1y = TSimd.Load(s + lanes); } }
        if (TRows.Value > 2) { s += pitch; c2x = TSimd.Load(s); if (TVectors.Value > 1) { c2y = TSimd.Load(s + lanes); } }
        if (TRows.Value > 3) { s += pitch; c3x = TSimd.Load(s); if (TVectors.Value > 1) { c3y = TSimd.Load(s + lanes); } }
        if (TRows.Value > 4) { s += pitch; c4x = TSimd.Load(s); if (TVectors.Value > 1) { c4y = TSimd.Load(s + lanes); } }
        if (TRows.Value > 5) { s += pitch; c5x = TSimd.Load(s); if (TVectors.Value > 1) { c5y = TSimd.Load(s + lanes); } }
        if (TRows.Value > 6) { s += pitch; c6x = TSimd.Load(s); if (TVectors.Value > 1) { c6y = TSimd.Load(s + lanes); } }
        if (TRows.Value > 7) { s += pitch; c7x = TSimd.Load(s); if (TVectors.Value > 1) { c7y = TSimd.Load(s + lanes); } }
        if (TRows.Value > 8) { s += pitch; c8x = TSimd.Load(s); if (TVectors.Value > 1) { c8y = TSimd.Load(s + lanes); } }
        if (TRows.Value > 9) { s += pitch; c9x = TSimd.Load(s); if (TVectors.Value > 1) { c9y = TSimd.Load(s + lanes); } }
        if (TRows.Value > 10) { s += pitch; c10x = TSimd.Load(s); if (TVectors.Value > 1) { c10y = TSimd.Load(s + lanes); } }
        if (TRows.Value > 11) { s += pitch; c11x = TSimd.Load(s); if (TVectors.Value > 1) { c11y = TSimd.Load(s + lanes); } }
        if (TRows.Value > 12) { s += pitch; c12x = TSimd.Load(s); if (TVectors.Value > 1) { c12y = TSimd.Load(s + lanes); } }
        if (TRows.Value > 13) { s += pitch; c13x = TSimd.Load(s); if (TVectors.Value > 1) { c13y = TSimd.Load(s + lanes); } }

        // Byte offsets of the second and third row from every third one keep all addresses in registers.
        nint row = arguments.RowStep * sizeof(float);
        nint row2 = 2 * row;
        nint step = arguments.InnerStep;
        nint bStep = arguments.BStep;
        float* b = arguments.B;
        float* groupStart = arguments.A;
        for (int group = arguments.GroupCount; group > 0; group--, groupStart += arguments.GroupStep)
        {
            float* a = groupStart;
            for (int outer = arguments.OuterCount; outer > 0; outer--, a += arguments.OuterStep)
            {
                float* a0 = a, a3 = a + 3 * arguments.RowStep, a6 = a + 6 * arguments.RowStep;
                float* a9 = a + 9 * arguments.RowStep, a12 = a + 12 * arguments.RowStep;
                for (int inner = arguments.InnerCount; inner > 0; inner--)
                {
                    TVector x = TSimd.Load(b);
                    TVector y = TVectors.Value > 1 ? TSimd.Load(b + lanes) : default;
                    b += bStep;
                    TVector v = TSimd.Broadcast(*a0);
                    c0x = TSimd.MultiplyAdd(v, x, c0x);
                    if (TVectors.Value > 1) { c0y = TSimd.MultiplyAdd(v, y, c0y); }

                    if (TRows.Value > 1) { v = TSimd.Broadcast(*(float*)((byte*)a0 + row)); c1x = TSimd.MultiplyAdd(v, x, c1x); if (TVectors.Value > 1) { c1y = TSimd.MultiplyAdd(v, y, c1y); } }
                    if (TRows.Value > 2) { v = TSimd.Broadcast(*(float*)((byte*)a0 + row2)); c2x = TSimd.MultiplyAdd(v, x, c2x); if (TVectors.Value > 1) { c2y = TSimd.MultiplyAdd(v, y, c2y); } }
                    if (TRows.Value > 3) { v = TSimd.Broadcast(*a3); c3x = TSimd.MultiplyAdd(v, x, c3x); if (TVectors.Value > 1) { c3y = TSimd.MultiplyAdd(v, y, c3y); } }
                    if (TRows.Value > 4) { v = TSimd.Broadcast(*(float*)((byte*)a3 + row)); c4x = TSimd.MultiplyAdd(v, x, c4x); if (TVectors.Value > 1) { c4y = TSimd.MultiplyAdd(v, y, c4y); } }
                    if (TRows.Value > 5) { v = TSimd.Broadcast(*(float*)((byte*)a3 + row2)); c5x = TSimd.MultiplyAdd(v, x, c5x); if (TVectors.Value > 1) { c5y = TSimd.MultiplyAdd(v, y, c5y); } }
                    if (TRows.Value > 6) { v = TSimd.Broadcast(*a6); c6x = TSimd.MultiplyAdd(v, x, c6x); if (TVectors.Value > 1) { c6y = TSimd.MultiplyAdd(v, y, c6y); } }
                    if (TRows.Value > 7) { v = TSimd.Broadcast(*(float*)((byte*)a6 + row)); c7x = TSimd.MultiplyAdd(v, x, c7x); if (TVectors.Value > 1) { c7y = TSimd.MultiplyAdd(v, y, c7y); } }
                    if (TRows.Value > 8) { v = TSimd.Broadcast(*(float*)((byte*)a6 + row2)); c8x = TSimd.MultiplyAdd(v, x, c8x); if (TVectors.Value > 1) { c8y = TSimd.MultiplyAdd(v, y, c8y); } }
                    if (TRows.Value > 9) { v = TSimd.Broadcast(*a9); c9x = TSimd.MultiplyAdd(v, x, c9x); if (TVectors.Value > 1) { c9y = TSimd.MultiplyAdd(v, y, c9y); } }
                    if (TRows.Value > 10) { v = TSimd.Broadcast(*(float*)((byte*)a9 + row)); c10x = TSimd.MultiplyAdd(v, x, c10x); if (TVectors.Value > 1) { c10y = TSimd.MultiplyAdd(v, y, c10y); } }
                    if (TRows.Value > 11) { v = TSimd.Broadcast(*(float*)((byte*)a9 + row2)); c11x = TSimd.MultiplyAdd(v, x, c11x); if (TVectors.Value > 1) { c11y = TSimd.MultiplyAdd(v, y, c11y); } }
                    if (TRows.Value > 12) { v = TSimd.Broadcast(*a12); c12x = TSimd.MultiplyAdd(v, x, c12x); if (TVectors.Value > 1) { c12y = TSimd.MultiplyAdd(v, y, c12y); } }
                    if (TRows.Value > 13) { v = TSimd.Broadcast(*(float*)((byte*)a12 + row)); c13x = TSimd.MultiplyAdd(v, x, c13x); if (TVectors.Value > 1) { c13y = TSimd.MultiplyAdd(v, y, c13y); } }

                    a0 += step;
                    a3 += step;
                    a6 += step;
                    a9 += step;
                    a12 += step;
                }
            }
        }

        float* c = arguments.C;
        pitch = arguments.CPitch;
        bool relu = arguments.Relu;
        Put<TVector, TSimd, TVectors>(c0x, c0y, c, relu);
        if (TRows.Value > 1) { c += pitch; Put<TVector, TSimd, TVectors>(c1x, c1y, c, relu); }
        if (TRows.Value > 2) { c += pitch; Put<TVector, TSimd, TVectors>(c2x, c2y, c, relu); }
        if (TRows.Value > 3) { c += pitch; Put<TVector, TSimd, TVectors>(c3x, c3y, c, relu); }
        if (TRows.Value > 4) { c += pitch; Put<TVector, TSimd, TVectors>(c4x, c4y, c, relu); }
        if (TRows.Value > 5) { c += pitch; Put<TVector, TSimd, TVectors>(c5x, c5y, c, relu); }
        if (TRows.Value > 6) { c += pitch; Put<TVector, TSimd, TVectors>(c6x, c6y, c, relu); }
        if (TRows.Value > 7) { c += pitch; Put<TVector, TSimd, TVectors>(c7x, c7y, c, relu); }
        if (TRows.Value > 8) { c += pitch; Put<TVector, TSimd, TVectors>(c8x, c8y, c, relu); }
        if (TRows.Value > 9) { c += pitch; Put<TVector, TSimd, TVectors>(c9x, c9y, c, relu); }
        if (TRows.Value > 10) { c += pitch; Put<TVector, TSimd, TVectors>(c10x, c10y, c, relu); }
        if (TRows.Value > 11) { c += pitch; Put<TVector, TSimd, TVectors>(c11x, c11y, c, relu); }
        if (TRows.Value > 12) { c += pitch; Put<TVector, TSimd, TVectors>(c12x, c12y, c, relu); }
        if (TRows.Value > 13) { c += pitch; Put<TVector, TSimd, TVectors>(c13x, c13y, c, relu); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TVector, TSimd, TVectors>(TVector x, TVector y, float* c, bool relu)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
        where TVectors : struct, IConstant
    {
        if (relu)
        {
            TVector zero = TSimd.Broadcast(0);
            x = TSimd.SelectGreater(x, zero, x, zero);
            y = TSimd.SelectGreater(y, zero, y, zero);
        }

        TSimd.Store(x, c);
        if (TVectors.Value > 1)
        {
            TSimd.Store(y, c + TSimd.Lanes);
        }
    }
}
