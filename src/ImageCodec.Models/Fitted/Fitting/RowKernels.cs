using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>Small loops over rows: from plain order to even and odd columns apart and back, and sums.</summary>
internal static unsafe class RowKernels
{
    private const int Block = RowLayout.Block;

    /// <summary>Takes a plain row apart.</summary>
    /// <param name="from">The row, readable up to the end of the last block.</param>
    /// <param name="to">The even columns of the first block.</param>
    /// <param name="blocks">How many there are of even columns.</param>
    /// <param name="pair">From one block's even columns to those of the next one.</param>
    /// <param name="odd">From a block's even columns to its odd ones.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TakeApart<TVector, TSimd>(float* from, float* to, int blocks, int pair, int odd)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        for (int block = 0; block < blocks; block++, from += 2 * Block, to += pair)
        {
            for (int i = 0; i < Block; i += TSimd.Lanes)
            {
                TVector low = TSimd.Load(from + 2 * i), high = TSimd.Load(from + 2 * i + TSimd.Lanes);
                TSimd.Store(TSimd.Evens(low, high), to + i);
                TSimd.Store(TSimd.Odds(low, high), to + odd + i);
            }
        }
    }

    /// <summary>Takes channels out of a row in blocks.</summary>
    /// <param name="from">The first one's even columns of the first block.</param>
    /// <param name="channels">How many.</param>
    /// <param name="blocks">How many blocks there are.</param>
    /// <param name="odd">From even columns to odd ones.</param>
    /// <param name="to">Receives the even and the odd columns of each channel.</param>
    /// <param name="segment">From each of these to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TakeChannels<TVector, TSimd>(float* from, int channels, int blocks, int odd, float* to, int segment)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        for (int channel = 0; channel < channels; channel++, from += Block, to += 2 * segment)
        {
            float* at = from, even = to, other = to + segment;
            for (int block = 0; block < blocks; block++, at += 2 * odd, even += Block, other += Block)
            {
                for (int i = 0; i < Block; i += TSimd.Lanes)
                {
                    TSimd.Store(TSimd.Load(at + i), even + i);
                    TSimd.Store(TSimd.Load(at + odd + i), other + i);
                }
            }
        }
    }

    /// <summary>Puts even and odd columns together to a plain row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PutTogether<TVector, TSimd>(float* from, float* to, int blocks, int pair, int odd)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        for (int block = 0; block < blocks; block++, from += pair, to += 2 * Block)
        {
            for (int i = 0; i < Block; i += TSimd.Lanes)
            {
                TVector even = TSimd.Load(from + i), other = TSimd.Load(from + odd + i);
                TSimd.Store(TSimd.InterleaveLow(even, other), to + 2 * i);
                TSimd.Store(TSimd.InterleaveHigh(even, other), to + 2 * i + TSimd.Lanes);
            }
        }
    }

    /// <summary>Puts even and odd columns together and adds a multiple of them to a plain row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddTogether<TVector, TSimd>(float* from, float* to, int blocks, int pair, int odd, float factor)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        TVector f = TSimd.Broadcast(factor);
        for (int block = 0; block < blocks; block++, from += pair, to += 2 * Block)
        {
            for (int i = 0; i < Block; i += TSimd.Lanes)
            {
                TVector even = TSimd.Load(from + i), other = TSimd.Load(from + odd + i);
                float* at = to + 2 * i;
                TSimd.Store(TSimd.MultiplyAdd(f, TSimd.InterleaveLow(even, other), TSimd.Load(at)), at);
                TSimd.Store(TSimd.MultiplyAdd(f, TSimd.InterleaveHigh(even, other), TSimd.Load(at + TSimd.Lanes)), at + TSimd.Lanes);
            }
        }
    }

    /// <summary>Asks for a row that will soon be read, so that it is on its way from memory meanwhile.</summary>
    public static void Prefetch(float* row, int length)
    {
        for (nint i = 0; Sse.IsSupported && i < length; i += Block)
        {
            Sse.Prefetch1(row + i);
        }
    }

    /// <summary>Adds a multiple of a row to another one, up to the end of the last vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<TVector, TSimd>(float* from, float* to, int length, float factor)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        TVector f = TSimd.Broadcast(factor);
        for (nint i = 0; i < length; i += TSimd.Lanes)
        {
            TSimd.Store(TSimd.MultiplyAdd(f, TSimd.Load(from + i), TSimd.Load(to + i)), to + i);
        }
    }

    /// <summary>Adds three channels of a row in blocks to three sums of lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddColors<TVector, TSimd>(float* from, int blocks, float* sums)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        TVector a = TSimd.Load(sums), b = TSimd.Load(sums + Block), c = TSimd.Load(sums + 2 * Block);
        for (int block = 0; block < blocks; block++, from += 3 * Block)
        {
            for (int i = 0; i < Block; i += TSimd.Lanes)
            {
                a = TSimd.Add(a, TSimd.Load(from + i));
                b = TSimd.Add(b, TSimd.Load(from + i + Block));
                c = TSimd.Add(c, TSimd.Load(from + i + 2 * Block));
            }
        }

        TSimd.Store(a, sums);
        TSimd.Store(b, sums + Block);
        TSimd.Store(c, sums + 2 * Block);
    }

    /// <summary>Adds even and odd columns of three channels of a planar row to three sums of lanes, and their squares to a fourth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddPlanar<TVector, TSimd>(float* from, RowLayout layout, float* sums)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        TVector squares = TSimd.Load(sums + 3 * Block), otherSquares = TSimd.Broadcast(0);
        for (int channel = 0; channel < RowLayout.Colors; channel++)
        {
            float* even = from + channel * layout.Channel;
            float* odd = even + layout.Segment;
            TVector sum = TSimd.Load(sums + channel * Block);
            for (nint i = 0; i < layout.Padded; i += TSimd.Lanes)
            {
                TVector a = TSimd.Load(even + i), b = TSimd.Load(odd + i);
                sum = TSimd.Add(sum, TSimd.Add(a, b));
                squares = TSimd.MultiplyAdd(a, a, squares);
                otherSquares = TSimd.MultiplyAdd(b, b, otherSquares);
            }

            TSimd.Store(sum, sums + channel * Block);
        }

        TSimd.Store(TSimd.Add(squares, otherSquares), sums + 3 * Block);
    }
}
