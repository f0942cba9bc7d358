using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>What is done with the results of a colour filter. A structure, so that the filter's loop is compiled with it in its place.</summary>
internal interface IColorEnd
{
    /// <summary>Takes the results of one output at even and at odd columns.</summary>
    void Put<TVector, TSimd>(int color, nint column, TVector even, TVector odd)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>;
}

/// <summary>Sets what is below zero to zero.</summary>
internal readonly unsafe struct RectifiedEnd(float* to, RowLayout layout) : IColorEnd
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put<TVector, TSimd>(int color, nint column, TVector even, TVector odd)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        float* at = to + color * layout.Channel + column;
        TSimd.Store(TSimd.Max(even, TSimd.Broadcast(0)), at);
        TSimd.Store(TSimd.Max(odd, TSimd.Broadcast(0)), at + layout.Segment);
    }
}

/// <summary>Adds what went past the filters and takes the target away; both are in blocks.</summary>
internal readonly unsafe struct ErrorEnd(float* past, float* target, float* to, RowLayout layout) : IColorEnd
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put<TVector, TSimd>(int color, nint column, TVector even, TVector odd)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        nint from = RowLayout.ColorInBlocks(color, column);
        float* at = to + color * layout.Channel + column;
        TSimd.Store(TSimd.Add(even, TSimd.Subtract(TSimd.Load(past + from), TSimd.Load(target + from))), at);
        from += RowLayout.Colors * RowLayout.Block;
        TSimd.Store(TSimd.Add(odd, TSimd.Subtract(TSimd.Load(past + from), TSimd.Load(target + from))), at + layout.Segment);
    }
}

/// <summary>Lets gradients pass where the value was above zero.</summary>
internal readonly unsafe struct MaskedEnd(float* values, float* to, RowLayout layout) : IColorEnd
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put<TVector, TSimd>(int color, nint column, TVector even, TVector odd)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        nint at = color * layout.Channel + column;
        TVector zero = TSimd.Broadcast(0);
        TSimd.Store(TSimd.SelectGreater(TSimd.Load(values + at), zero, even, zero), to + at);
        at += layout.Segment;
        TSimd.Store(TSimd.SelectGreater(TSimd.Load(values + at), zero, odd, zero), to + at);
    }
}

/// <summary>Stores them in blocks.</summary>
internal readonly unsafe struct BlocksEnd(float* to) : IColorEnd
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put<TVector, TSimd>(int color, nint column, TVector even, TVector odd)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        float* at = to + RowLayout.ColorInBlocks(color, column);
        TSimd.Store(even, at);
        TSimd.Store(odd, at + RowLayout.Colors * RowLayout.Block);
    }
}
