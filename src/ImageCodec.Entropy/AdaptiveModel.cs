using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.Entropy;

/// <summary>
/// The adaptive order-0 model: 256 counts with their running sums, in memory that the caller lends.
/// </summary>
/// <remarks>
/// The sums are kept in two levels of 16: the sum below a symbol is the sum below its group of 16 plus the sum below it within
/// the group. A symbol's update then touches two rows of 16 numbers, one vector each, instead of 256 numbers.
/// All rows lie on 64-byte boundaries.
/// </remarks>
internal readonly unsafe struct AdaptiveModel
{
    /// <summary>The counts are halved when their total goes above this.</summary>
    public const int MaxTotal = 1 << 14;

    /// <summary>Symbols of the alphabet, and the total at the start.</summary>
    public const int SymbolCount = 256;

    /// <summary>Bytes to lend to <see cref="AdaptiveModel(byte*)"/>.</summary>
    public const int MemorySize = (sizeof(int) * (16 + 256 + 256 + 256)) + 63;

    /// <summary>For each group the sum of the counts below it.</summary>
    public readonly int* GroupSums;

    /// <summary>For each symbol the sum of the counts below it in its group.</summary>
    public readonly int* InnerSums;

    /// <summary>For each symbol its count, at least 1.</summary>
    public readonly int* Counts;

    /// <summary>Row r has 1 in the places above r and else 0: what to add to sums when place r has gained one.</summary>
    private readonly int* _above;

    /// <summary>Makes a fresh model, every count 1.</summary>
    /// <param name="memory">Memory of <see cref="MemorySize"/> bytes that outlives the model.</param>
    public AdaptiveModel(byte* memory)
    {
        int* aligned = (int*)(((nuint)memory + 63) & ~(nuint)63);
        GroupSums = aligned;
        InnerSums = GroupSums + 16;
        Counts = InnerSums + 256;
        _above = Counts + 256;
        for (int i = 0; i < 256; i++)
        {
            Counts[i] = 1;
            InnerSums[i] = i & 15;
            _above[i] = (i & 15) > (i >> 4) ? 1 : 0;
        }

        for (int i = 0; i < 16; i++)
        {
            GroupSums[i] = 16 * i;
        }
    }

    /// <summary>The sum of the counts below a symbol.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int SumBelow(int symbol) => GroupSums[symbol >> 4] + InnerSums[symbol];

    /// <summary>Counts a symbol once more.</summary>
    /// <param name="symbol">The symbol, 0 … 255.</param>
    /// <param name="total">The total before.</param>
    /// <returns>The total after.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Add(int symbol, int total)
    {
        Counts[symbol]++;
        AddRow(InnerSums + (symbol & ~15), _above + ((symbol & 15) << 4));
        AddRow(GroupSums, _above + (symbol & ~15));
        return total < MaxTotal ? total + 1 : Halve();
    }

    /// <summary>Replaces the counts of four neighbours, whose sum has grown.</summary>
    /// <param name="first">The first of them, a multiple of 4.</param>
    /// <param name="count0">The count of the first.</param>
    /// <param name="count1">The count of the second.</param>
    /// <param name="count2">The count of the third.</param>
    /// <param name="count3">The count of the fourth.</param>
    /// <param name="growth">What their sum has gained.</param>
    public void Replace(int first, uint count0, uint count1, uint count2, uint count3, int growth)
    {
        Counts[first] = (int)count0;
        Counts[first + 1] = (int)count1;
        Counts[first + 2] = (int)count2;
        Counts[first + 3] = (int)count3;
        InnerSums[first + 1] = InnerSums[first] + (int)count0;
        InnerSums[first + 2] = InnerSums[first + 1] + (int)count1;
        InnerSums[first + 3] = InnerSums[first + 2] + (int)count2;
        for (int symbol = first + 4; (symbol & 15) != 0; symbol++)
        {
            InnerSums[symbol] += growth;
        }

        for (int group = (first >> 4) + 1; group < 16; group++)
        {
            GroupSums[group] += growth;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(int* sums, int* increments)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            (Vector512.Load(sums) + Vector512.Load(increments)).Store(sums);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            (Vector256.Load(sums) + Vector256.Load(increments)).Store(sums);
            (Vector256.Load(sums + 8) + Vector256.Load(increments + 8)).Store(sums + 8);
        }
        else
        {
            for (int i = 0; i < 16; i += 4)
            {
                (Vector128.Load(sums + i) + Vector128.Load(increments + i)).Store(sums + i);
            }
        }
    }

    /// <summary>Halves every count, but not below 1, and sums anew.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Halve()
    {
        int total = 0;
        for (int group = 0; group < 16; group++)
        {
            GroupSums[group] = total;
            int sum = 0;
            for (int symbol = 16 * group; symbol < (16 * group) + 16; symbol++)
            {
                InnerSums[symbol] = sum;
                Counts[symbol] = Math.Max(1, Counts[symbol] >> 1);
                sum += Counts[symbol];
            }

            total += sum;
        }

        return total;
    }
}
