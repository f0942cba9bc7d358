using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>What one call of <see cref="LayerTile"/> works on. Pitches count floats.</summary>
internal unsafe struct LayerArguments
{
    /// <summary>For each input, its values at the positions.</summary>
    public float** Inputs;

    public int InputCount;

    /// <summary>For each input, the weights of the rows of the tile.</summary>
    public float* Weights;

    /// <summary>What the sum of each row starts from.</summary>
    public float* Starts;

    /// <summary>The least that each row may become; for <see cref="TileEnd.Floor"/>.</summary>
    public float* Floors;

    /// <summary>The first row of results, and from one row to the next.</summary>
    public float* Output;

    public nint Pitch;

    /// <summary>A vector for each row to which its results are added; for <see cref="TileEnd.Mask"/>.</summary>
    public float* Sums;

    /// <summary>Positions: whole steps of <see cref="LayerTile.Step{TVector, TSimd}"/>.</summary>
    public nint Width;
}

/// <summary>What becomes of the sums of a tile.</summary>
internal static class TileEnd
{
    /// <summary>They are kept above their floor and stored.</summary>
    public const int Floor = 1;

    /// <summary>Where what is there is above zero they take its place, elsewhere zero does: the way back through a ReLU. What is stored is summed.</summary>
    public const int Mask = 2;

    /// <summary>They are added to what is there.</summary>
    public const int Add = 3;
}

/// <summary>
/// The inner loop of small layers at many positions, with positions in the lanes: a register tile of rows (outputs) by four vectors of positions, or
/// two where registers are few.
/// </summary>
internal static unsafe class LayerTile
{
    /// <summary>Rows of the largest tile.</summary>
    public const int MaxRows = 6;

    /// <summary>Cuts rows into tiles of about one size: the first row of each, and in the end the number of rows.</summary>
    public static int[] Cut(int rows)
    {
        int tiles = (rows + MaxRows - 1) / MaxRows;
        return [.. Enumerable.Range(0, tiles + 1).Select(tile => rows * tile / tiles)];
    }

    /// <summary>Vectors of a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Vectors<TVector, TSimd>()
        where TVector : struct
        where TSimd : struct, ISimd<TVector> => TSimd.HasManyRegisters ? 4 : 2;

    /// <summary>Positions of a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step<TVector, TSimd>()
        where TVector : struct
        where TSimd : struct, ISimd<TVector> => Vectors<TVector, TSimd>() * TSimd.Lanes;

    /// <summary>Runs a layer.</summary>
    /// <typeparam name="TVector">The vector.</typeparam>
    /// <typeparam name="TSimd">Its operations.</typeparam>
    /// <typeparam name="TEnd">One of <see cref="TileEnd"/>.</typeparam>
    /// <param name="panel">The weights.</param>
    /// <param name="inputs">For each input, its values at the positions.</param>
    /// <param name="output">The first row of results.</param>
    /// <param name="pitch">From one row of results to the next.</param>
    /// <param name="width">Positions: whole steps.</param>
    /// <param name="sums">For <see cref="TileEnd.Mask"/>, a vector for each row.</param>
    public static void RunAll<TVector, TSimd, TEnd>(LayerPanel panel, float** inputs, float* output, nint pitch, int width, float* sums = null)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
        where TEnd : struct, IConstant
    {
        for (int tile = 0; tile < panel.TileCount; tile++)
        {
            int first = panel.FirstRow(tile);
            LayerArguments arguments = new()
            {
                Inputs = inputs,
                InputCount = panel.Inputs,
                Weights = panel.Weights(tile),
                Starts = panel.Starts + first,
                Floors = panel.Floors + first,
                Output = output + first * pitch,
                Pitch = pitch,
                Sums = sums + first * TSimd.Lanes,
                Width = width,
            };
            switch (panel.FirstRow(tile + 1) - first)
            {
                case 1: Run<TVector, TSimd, Constant1, TEnd>(in arguments); break;
                case 2: Run<TVector, TSimd, Constant2, TEnd>(in arguments); break;
                case 3: Run<TVector, TSimd, Constant3, TEnd>(in arguments); break;
                case 4: Run<TVector, TSimd, Constant4, TEnd>(in arguments); break;
                case 5: Run<TVector, TSimd, Constant5, TEnd>(in arguments); break;
                default: Run<TVector, TSimd, Constant6, TEnd>(in arguments); break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TVector, TSimd, TRows, TEnd>(ref readonly LayerArguments arguments)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
        where TRows : struct, IConstant
        where TEnd : struct, IConstant
    {
        int lanes = TSimd.Lanes;
        nint width = arguments.Width;
        nint step = Step<TVector, TSimd>();
        float* s = arguments.Starts;
        for (nint position = 0; position < width; position += step)
        {
            TVector c00 = TSimd.Broadcast(s[0]), c01 = c00, c02 = c00, c03 = c00;
            TVector c10 = TRows.Value > 1 ? TSimd.Broadcast(s[1]) : default, c11 = c10, c12 = c10, c13 = c10;
            TVector c20 = TRows.Value > 2 ? TSimd.Broadcast(s[2]) : default, c21 = c20, c22 = c20, c23 = c20;
            TVector c30 = TRows.Value > 3 ? TSimd.Broadcast(s[3]) : default, c31 = c30, c32 = c30, c33 = c30;
            TVector c40 = TRows.Value > 4 ? TSimd.Broadcast(s[4]) : default, c41 = c40, c42 = c40, c43 = c40;
            TVector c50 = TRows.Value > 5 ? TSimd.Broadcast(s[5]) : default, c51 = c50, c52 = c50, c53 = c50;
            float** input = arguments.Inputs;
            float* w = arguments.Weights;
            for (int count = arguments.InputCount; count > 0; count--)
            {
                float* x = *input++ + position;
                TVector x0 = TSimd.Load(x), x1 = TSimd.Load(x + lanes);
                TVector x2 = TSimd.HasManyRegisters ? TSimd.Load(x + 2 * lanes) : default, x3 = TSimd.HasManyRegisters ? TSimd.Load(x + 3 * lanes) : default;
                TVector v = TSimd.Broadcast(w[0]);
                c00 = TSimd.MultiplyAdd(v, x0, c00); c01 = TSimd.MultiplyAdd(v, x1, c01); if (TSimd.HasManyRegisters) { c02 = TSimd.MultiplyAdd(v, x2, c02); c03 = TSimd.MultiplyAdd(v, x3, c03); }
                if (TRows.Value > 1) { v = TSimd.Broadcast(w[1]); c10 = TSimd.MultiplyAdd(v, x0, c10); c11 = TSimd.MultiplyAdd(v, x1, c11); if (TSimd.HasManyRegisters) { c12 = TSimd.MultiplyAdd(v, x2, c12); c13 = TSimd.MultiplyAdd(v, x3, c13); } }
                if (TRows.Value > 2) { v = TSimd.Broadcast(w[2]); c20 = TSimd.MultiplyAdd(v, x0, c20); c21 = TSimd.MultiplyAdd(v, x1, c21); if (TSimd.HasManyRegisters) { c22 = TSimd.MultiplyAdd(v, x2, c22); c23 = TSimd.MultiplyAdd(v, x3, c23); } }
                if (TRows.Value > 3) { v = TSimd.Broadcast(w[3]); c30 = TSimd.MultiplyAdd(v, x0, c30); c31 = TSimd.MultiplyAdd(v, x1, c31); if (TSimd.HasManyRegisters) { c32 = TSimd.MultiplyAdd(v, x2, c32); c33 = TSimd.MultiplyAdd(v, x3, c33); } }
                if (TRows.Value > 4) { v = TSimd.Broadcast(w[4]); c40 = TSimd.MultiplyAdd(v, x0, c40); c41 = TSimd.MultiplyAdd(v, x1, c41); if (TSimd.HasManyRegisters) { c42 = TSimd.MultiplyAdd(v, x2, c42); c43 = TSimd.MultiplyAdd(v, x3, c43); } }
                if (TRows.Value > 5) { v = TSimd.Broadcast(w[5]); c50 = TSimd.MultiplyAdd(v, x0, c50); c51 = TSimd.MultiplyAdd(v, x1, c51); if (TSimd.HasManyRegisters) { c52 = TSimd.MultiplyAdd(v, x2, c52); c53 = TSimd.MultiplyAdd(v, x3, c53); } }
                w += TRows.Value;
            }

            float* o = arguments.Output + position;
            nint pitch = arguments.Pitch;
            float* f = arguments.Floors;
            float* sums = arguments.Sums;
            Put<TVector, TSimd, TEnd>(c00, c01, c02, c03, o, f, sums);
            if (TRows.Value > 1) { o += pitch; Put<TVector, TSimd, TEnd>(c10, c11, c12, c13, o, f + 1, sums + 1 * lanes); }
            if (TRows.Value > 2) { o += pitch; Put<TVector, TSimd, TEnd>(c20, c21, c22, c23, o, f + 2, sums + 2 * lanes); }
            if (TRows.Value > 3) { o += pitch; Put<TVector, TSimd, TEnd>(c30, c31, c32, c33, o, f + 3, sums + 3 * lanes); }
            if (TRows.Value > 4) { o += pitch; Put<TVector, TSimd, TEnd>(c40, c41, c42, c43, o, f + 4, sums + 4 * lanes); }
            if (TRows.Value > 5) { o += pitch; Put<TVector, TSimd, TEnd>(c50, c51, c52, c53, o, f + 5, sums + 5 * lanes); }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TVector, TSimd, TEnd>(TVector a, TVector b, TVector c, TVector d, float* output, float* floor, float* sum)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
        where TEnd : struct, IConstant
    {
        int lanes = TSimd.Lanes;
        TVector least = TEnd.Value == TileEnd.Floor ? TSimd.Broadcast(*floor) : default;
        a = End<TVector, TSimd, TEnd>(a, output, least);
        b = End<TVector, TSimd, TEnd>(b, output + lanes, least);
        TSimd.Store(a, output);
        TSimd.Store(b, output + lanes);
        if (TSimd.HasManyRegisters)
        {
            c = End<TVector, TSimd, TEnd>(c, output + 2 * lanes, least);
            d = End<TVector, TSimd, TEnd>(d, output + 3 * lanes, least);
            TSimd.Store(c, output + 2 * lanes);
            TSimd.Store(d, output + 3 * lanes);
        }

        if (TEnd.Value == TileEnd.Mask)
        {
            TVector total = TSimd.Add(TSimd.Add(a, b), TSimd.Load(sum));
            TSimd.Store(TSimd.HasManyRegisters ? TSimd.Add(TSimd.Add(c, d), total) : total, sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector End<TVector, TSimd, TEnd>(TVector value, float* output, TVector least)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
        where TEnd : struct, IConstant
    {
        if (TEnd.Value == TileEnd.Floor)
        {
            return TSimd.SelectGreater(value, least, value, least);
        }

        TVector old = TSimd.Load(output);
        TVector zero = TSimd.Broadcast(0);
        return TEnd.Value == TileEnd.Mask ? TSimd.SelectGreater(old, zero, value, zero) : TSimd.Add(old, value);
    }
}
