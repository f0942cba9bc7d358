using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.Entropy.Adaptive;

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
    public const int MemorySize = (sizeof(int) * Length) + 63;

    private const int Length = 16 + 256 + 256 + 256;

    /// <summary>The memory of a fresh model.</summary>
    private static readonly int[] s_fresh = BuildFresh();

    // One pointer alone, so that the kernels can keep the whole struct in a register.
    private readonly int* _memory;

    /// <summary>Makes a fresh model, every count 1.</summary>
    /// <param name="memory">Memory of <see cref="MemorySize"/> bytes that outlives the model.</param>
    public AdaptiveModel(byte* memory)
    {
        _memory = (int*)(((nuint)memory + 63) & ~(nuint)63);
        s_fresh.CopyTo(new Span<int>(_memory, Length));
    }

    /// <summary>For each group the sum of the counts below it.</summary>
    public int* GroupSums => _memory;

    /// <summary>For each symbol the sum of the counts below it in its group.</summary>
    public int* InnerSums => _memory + 16;

    /// <summary>For each symbol its count, at least 1.</summary>
    public int* Counts => _memory + 16 + 256;

    /// <summary>Row r has 1 in the places above r and else 0: what to add to sums when place r has gained one.</summary>
    private int* Above => _memory + 16 + 256 + 256;

    /// <summary>The sum of the counts below a symbol.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int SumBelow(nuint symbol) => GroupSums[symbol >> 4] + InnerSums[symbol];

    /// <summary>Counts a symbol once more. The caller keeps the total and calls <see cref="GetSettledTotal"/> in time.</summary>
    /// <param name="symbol">The symbol, 0 … 255.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(nuint symbol)
    {
        AddWithinGroup(symbol);
        AddRow(GroupSums, Above + (symbol & ~(nuint)15));
    }

    /// <summary>As <see cref="Add(nuint)"/>, for a caller that keeps a copy of the groups' sums in a register: no load has to wait for the last store.</summary>
    /// <param name="symbol">The symbol, 0 … 255.</param>
    /// <param name="groupSums">The copy; <see cref="GroupSums"/> follow it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(nuint symbol, ref Vector512<int> groupSums)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            Add(symbol);
            return;
        }

        AddWithinGroup(symbol);
        groupSums += Vector512.Load(Above + (symbol & ~(nuint)15));
        groupSums.Store(GroupSums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddWithinGroup(nuint symbol)
    {
        Counts[symbol]++;
        AddRow(InnerSums + (symbol & ~(nuint)15), Above + ((symbol & 15) << 4));
    }

    /// <summary>How many symbols can be counted before <see cref="GetSettledTotal"/> must be called.</summary>
    /// <param name="total">The total.</param>
    public static int GetRoom(int total) => MaxTotal + 1 - total;

    /// <summary>Halves the counts if their total is above <see cref="MaxTotal"/>.</summary>
    /// <param name="total">The total.</param>
    /// <returns>The total after.</returns>
    public int GetSettledTotal(int total) => total <= MaxTotal ? total : Halve();

    /// <summary>Replaces the counts of four neighbours, whose sum has grown.</summary>
    /// <param name="first">The first of them, a multiple of 4.</param>
    /// <param name="count0">The count of the first.</param>
    /// <param name="count1">The count of the second.</param>
    /// <param name="count2">The count of the third.</param>
    /// <param name="count3">The count of the fourth.</param>
    /// <param name="growth">What their sum has gained.</param>
    public void Replace(nuint first, uint count0, uint count1, uint count2, uint count3, int growth)
    {
        Counts[first] = (int)count0;
        Counts[first + 1] = (int)count1;
        Counts[first + 2] = (int)count2;
        Counts[first + 3] = (int)count3;
        InnerSums[first + 1] = InnerSums[first] + (int)count0;
        InnerSums[first + 2] = InnerSums[first + 1] + (int)count1;
        InnerSums[first + 3] = InnerSums[first + 2] + (int)count2;
        for (nuint symbol = first + 4; (symbol & 15) != 0; symbol++)
        {
            InnerSums[symbol] += growth;
        }

        for (nuint group = (first >> 4) + 1; group < 16; group++)
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

    private static int[] BuildFresh()
    {
        int[] fresh = new int[Length];
        for (int i = 0; i < 256; i++)
        {
            fresh[i >> 4] = i & ~15;
            fresh[16 + i] = i & 15;
            fresh[16 + 256 + i] = 1;
            fresh[16 + 256 + 256 + i] = (i & 15) > (i >> 4) ? 1 : 0;
        }

        return fresh;
    }

    /// <summary>Halves every count, but not below 1, and sums anew.</summary>
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
