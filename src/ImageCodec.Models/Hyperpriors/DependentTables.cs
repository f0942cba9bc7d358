using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ImageCodec.Entropy.Tables;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// The numbers of the tables that values are coded with, and what values stand for. There is one table for each scale, and for all but the lowest scales, where nearly all values are
/// zero, two more, one for each of the quantisers of trellis-coded quantisation (<see cref="Trellis"/>).
/// </summary>
/// <remarks>
/// A value k of a table for a scale alone is k steps. The other quantisers have half steps of <see cref="HalfStep"/>: quantiser 0 the even numbers of them, 2k, and quantiser 1 zero and the odd
/// ones, 2k less the sign of k. So either is coarser than a step, and together they are finer.
/// </remarks>
internal static class DependentTables
{
    /// <summary>The lowest scale whose values depend on the trellis: 0.38 steps. Below, a trellis costs more than it gains.</summary>
    public const int FirstScale = 10;

    /// <summary>The scales whose values do.</summary>
    public const int TwinCount = ScaleTable.Count - FirstScale;

    /// <summary>The first table of quantiser 0.</summary>
    public const int First = ScaleTable.Count;

    /// <summary>The first table of quantiser 1.</summary>
    public const int FirstTwin = First + TwinCount;

    /// <summary>All tables.</summary>
    public const int Count = FirstTwin + TwinCount;

    /// <summary>A half step. Quantisers of twice that are as much coarser than one step as two scales are apart.</summary>
    public const float HalfStep = 0.64f;

    private const int ScalesPerStep = 2;

    /// <summary>The scale whose normal distribution, in what a table codes, is nearest to what the table is for.</summary>
    public static int ScaleOf(int table) => table < First ? table : FirstScale - ScalesPerStep + (table - First) % TwinCount;

    /// <summary>From the numbers of scales to those of tables, of quantiser 0 where there are two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromScales(Span<byte> tables)
    {
        int i = 0;
        for (; i <= tables.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            Vector128<byte> scales = Vector128.Create<byte>(tables[i..]);
            Vector128<byte> isDependent = Vector128.GreaterThanOrEqual(scales, Vector128.Create((byte)FirstScale));
            (scales + (isDependent & Vector128.Create((byte)(First - FirstScale)))).CopyTo(tables[i..]);
        }

        for (; i < tables.Length; i++)
        {
            tables[i] += tables[i] >= FirstScale ? (byte)(First - FirstScale) : (byte)0;
        }
    }

    /// <summary>What a coded value stands for, in steps; the same on every machine.</summary>
    public static float ToSteps(short value, byte table) => table switch
    {
        < First => value,
        < FirstTwin => 2 * value * HalfStep,
        _ => (2 * value - Math.Sign(value)) * HalfStep,
    };

    /// <summary>The sums of what coded values stand for and their means; the same numbers as <see cref="ToSteps"/>, many at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddSteps(ReadOnlySpan<short> values, ReadOnlySpan<byte> tables, ReadOnlySpan<float> means, Span<float> sums)
    {
        int i = 0;
        for (; i <= values.Length - Vector128<int>.Count; i += Vector128<int>.Count)
        {
            Vector128<int> number = Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<short, byte>(ref Unsafe.AsRef(in values[i])))).AsInt16());
            Vector128<ushort> words = Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(in tables[i])).AsByte());
            Vector128<int> table = Vector128.WidenLower(words).AsInt32();
            Vector128<int> isDependent = Vector128.GreaterThanOrEqual(table, Vector128.Create(First));
            Vector128<int> isTwin = Vector128.GreaterThanOrEqual(table, Vector128.Create(FirstTwin));
            Vector128<int> sign = (number >> 31) - Vector128.GreaterThan(number, Vector128<int>.Zero);
            number += (number & isDependent) - (sign & isTwin);
            Vector128<float> step = Vector128.ConditionalSelect(isDependent.AsSingle(), Vector128.Create(HalfStep), Vector128<float>.One);
            (Vector128.ConvertToSingle(number) * step + Vector128.Create(means[i..])).CopyTo(sums[i..]);
        }

        for (; i < values.Length; i++)
        {
            sums[i] = ToSteps(values[i], tables[i]) + means[i];
        }
    }
}
