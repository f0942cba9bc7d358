using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>What one call of <see cref="ProductTile"/> works on. Pitches count floats.</summary>
internal unsafe struct ProductArguments
{
    /// <summary>The first row of left factors, and from one row to the next.</summary>
    public float* Rows;

    public nint Pitch;

    /// <summary>For each column its right factors.</summary>
    public float** Columns;

    /// <summary>The vector of the first row and column; in a row they lie side by side.</summary>
    public float* Sums;

    /// <summary>From one row of vectors to the next.</summary>
    public nint SumPitch;

    /// <summary>Positions: whole vectors.</summary>
    public nint Width;
}

/// <summary>
/// Sums of products over positions, which weights' gradients are: for each row (a gradient) and column (an input) a vector of sums, to be added up
/// over its lanes in the end. A register tile of rows by four columns, or two where registers are few.
/// </summary>
internal static unsafe class ProductTile
{
    /// <summary>Columns come in groups of this many at most, so there must be a multiple of it; what is computed too much is not used.</summary>
    public const int ColumnGroup = 4;

    /// <summary>Adds the products of all rows with all columns.</summary>
    /// <typeparam name="TVector">The vector.</typeparam>
    /// <typeparam name="TSimd">Its operations.</typeparam>
    /// <param name="rows">The first row of left factors.</param>
    /// <param name="pitch">From one row to the next.</param>
    /// <param name="rowCount">Rows.</param>
    /// <param name="columns">For each column its right factors.</param>
    /// <param name="columnCount">Columns: a multiple of <see cref="ColumnGroup"/>.</param>
    /// <param name="sums">A vector for each row and column.</param>
    /// <param name="width">Positions: whole vectors.</param>
    public static void RunAll<TVector, TSimd>(
        float* rows, nint pitch, int rowCount, float** columns, int columnCount, float* sums, int width)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        int tiles = (rowCount + LayerTile.MaxRows - 1) / LayerTile.MaxRows;
        for (int tile = 0; tile < tiles; tile++)
        {
            int first = rowCount * tile / tiles;
            int count = rowCount * (tile + 1) / tiles - first;
            for (int column = 0; column < columnCount; column += LayerTile.Vectors<TVector, TSimd>())
            {
                ProductArguments arguments = new()
                {
                    Rows = rows + first * pitch,
                    Pitch = pitch,
                    Columns = columns + column,
                    Sums = sums + (first * columnCount + column) * TSimd.Lanes,
                    SumPitch = columnCount * TSimd.Lanes,
                    Width = width,
                };
                switch (count)
                {
                    case 1: Run<TVector, TSimd, Constant1>(in arguments); break;
                    case 2: Run<TVector, TSimd, Constant2>(in arguments); break;
                    case 3: Run<TVector, TSimd, Constant3>(in arguments); break;
                    case 4: Run<TVector, TSimd, Constant4>(in arguments); break;
                    case 5: Run<TVector, TSimd, Constant5>(in arguments); break;
                    default: Run<TVector, TSimd, Constant6>(in arguments); break;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TVector, TSimd, TRows>(ref readonly ProductArguments arguments)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
        where TRows : struct, IConstant
    {
        int lanes = TSimd.Lanes;
        float* s = arguments.Sums;
        nint sumPitch = arguments.SumPitch;
        TVector c00 = default, c01 = default, c02 = default, c03 = default;
        TVector c10 = default, c11 = default, c12 = default, c13 = default;
        TVector c20 = default, c21 = default, c22 = default, c23 = default;
        TVector c30 = default, c31 = default, c32 = default, c33 = default;
        TVector c40 = default, c41 = default, c42 = default, c43 = default;
        TVector c50 = default, c51 = default, c52 = default, c53 = default;
        if (TRows.Value > 0) { Get<TVector, TSimd>(s + 0 * sumPitch, out c00, out c01, out c02, out c03); }
        if (TRows.Value > 1) { Get<TVector, TSimd>(s + 1 * sumPitch, out c10, out c11, out c12, out c13); }
        if (TRows.Value > 2) { Get<TVector, TSimd>(s + 2 * sumPitch, out c20, out c21, out c22, out c23); }
        if (TRows.Value > 3) { Get<TVector, TSimd>(s + 3 * sumPitch, out c30, out c31, out c32, out c33); }
        if (TRows.Value > 4) { Get<TVector, TSimd>(s + 4 * sumPitch, out c40, out c41, out c42, out c43); }
        if (TRows.Value > 5) { Get<TVector, TSimd>(s + 5 * sumPitch, out c50, out c51, out c52, out c53); }

        // Byte offsets of the second and third row from every third one keep all addresses in registers.
        nint row = arguments.Pitch * sizeof(float);
        nint row2 = 2 * row;
        float* a0 = arguments.Rows, a3 = a0 + 3 * arguments.Pitch;
        float* b0 = arguments.Columns[0], b1 = arguments.Columns[1];
        float* b2 = TSimd.HasManyRegisters ? arguments.Columns[2] : null, b3 = TSimd.HasManyRegisters ? arguments.Columns[3] : null;
        for (nint rest = arguments.Width; rest > 0; rest -= lanes)
        {
            TVector x0 = TSimd.Load(b0), x1 = TSimd.Load(b1);
            TVector x2 = TSimd.HasManyRegisters ? TSimd.Load(b2) : default, x3 = TSimd.HasManyRegisters ? TSimd.Load(b3) : default;
            TVector v = TSimd.Load(a0);
            c00 = TSimd.MultiplyAdd(v, x0, c00); c01 = TSimd.MultiplyAdd(v, x1, c01); if (TSimd.HasManyRegisters) { c02 = TSimd.MultiplyAdd(v, x2, c02); c03 = TSimd.MultiplyAdd(v, x3, c03); }
            if (TRows.Value > 1) { v = TSimd.Load((float*)((byte*)a0 + row)); c10 = TSimd.MultiplyAdd(v, x0, c10); c11 = TSimd.MultiplyAdd(v, x1, c11); if (TSimd.HasManyRegisters) { c12 = TSimd.MultiplyAdd(v, x2, c12); c13 = TSimd.MultiplyAdd(v, x3, c13); } }
            if (TRows.Value > 2) { v = TSimd.Load((float*)((byte*)a0 + row2)); c20 = TSimd.MultiplyAdd(v, x0, c20); c21 = TSimd.MultiplyAdd(v, x1, c21); if (TSimd.HasManyRegisters) { c22 = TSimd.MultiplyAdd(v, x2, c22); c23 = TSimd.MultiplyAdd(v, x3, c23); } }
            if (TRows.Value > 3) { v = TSimd.Load(a3); c30 = TSimd.MultiplyAdd(v, x0, c30); c31 = TSimd.MultiplyAdd(v, x1, c31); if (TSimd.HasManyRegisters) { c32 = TSimd.MultiplyAdd(v, x2, c32); c33 = TSimd.MultiplyAdd(v, x3, c33); } }
            if (TRows.Value > 4) { v = TSimd.Load((float*)((byte*)a3 + row)); c40 = TSimd.MultiplyAdd(v, x0, c40); c41 = TSimd.MultiplyAdd(v, x1, c41); if (TSimd.HasManyRegisters) { c42 = TSimd.MultiplyAdd(v, x2, c42); c43 = TSimd.MultiplyAdd(v, x3, c43); } }
            if (TRows.Value > 5) { v = TSimd.Load((float*)((byte*)a3 + row2)); c50 = TSimd.MultiplyAdd(v, x0, c50); c51 = TSimd.MultiplyAdd(v, x1, c51); if (TSimd.HasManyRegisters) { c52 = TSimd.MultiplyAdd(v, x2, c52); c53 = TSimd.MultiplyAdd(v, x3, c53); } }
            a0 += lanes;
            a3 += lanes;
            b0 += lanes;
            b1 += lanes;
            b2 += lanes;
            b3 += lanes;
        }

        if (TRows.Value > 0) { Put<TVector, TSimd>(s + 0 * sumPitch, c00, c01, c02, c03); }
        if (TRows.Value > 1) { Put<TVector, TSimd>(s + 1 * sumPitch, c10, c11, c12, c13); }
        if (TRows.Value > 2) { Put<TVector, TSimd>(s + 2 * sumPitch, c20, c21, c22, c23); }
        if (TRows.Value > 3) { Put<TVector, TSimd>(s + 3 * sumPitch, c30, c31, c32, c33); }
        if (TRows.Value > 4) { Put<TVector, TSimd>(s + 4 * sumPitch, c40, c41, c42, c43); }
        if (TRows.Value > 5) { Put<TVector, TSimd>(s + 5 * sumPitch, c50, c51, c52, c53); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Get<TVector, TSimd>(float* sums, out TVector a, out TVector b, out TVector c, out TVector d)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        a = TSimd.Load(sums);
        b = TSimd.Load(sums + TSimd.Lanes);
        c = TSimd.HasManyRegisters ? TSimd.Load(sums + 2 * TSimd.Lanes) : default;
        d = TSimd.HasManyRegisters ? TSimd.Load(sums + 3 * TSimd.Lanes) : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TVector, TSimd>(float* sums, TVector a, TVector b, TVector c, TVector d)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        TSimd.Store(a, sums);
        TSimd.Store(b, sums + TSimd.Lanes);
        if (TSimd.HasManyRegisters)
        {
            TSimd.Store(c, sums + 2 * TSimd.Lanes);
            TSimd.Store(d, sums + 3 * TSimd.Lanes);
        }
    }
}
