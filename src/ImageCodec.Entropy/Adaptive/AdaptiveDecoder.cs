using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace ImageCodec.Entropy.Adaptive;

/// <summary>The decoding side of the adaptive coder.</summary>
/// <remarks>
/// Of the format's value and low only their difference matters. A symbol is found without a division: that its sum s is
/// not above ((difference + 1) · total - 1) / range says the same as range · s &lt; (difference + 1) · total.
/// </remarks>
internal static unsafe class AdaptiveDecoder
{
    /// <summary>Symbols between two choices of <see cref="Guess"/>.</summary>
    private const int BlockLength = 256;

    /// <summary>Zeros behind the stream: what a block can read from its end, and one load.</summary>
    private const int Padding = (BlockLength * AdaptiveEncoder.MaxBitsPerSymbol / 8) + 32;

    /// <summary>What passes from symbol to symbol.</summary>
    internal ref struct State
    {
        public AdaptiveModel Model;
        public int Total;
        public uint Range;

        /// <summary>value - low, less than <see cref="Range"/>.</summary>
        public uint Difference;

        /// <summary>The stream, the most significant bit of a byte first.</summary>
        public byte* Bits;

        /// <summary>The next bit to be read.</summary>
        public long Position;
    }

    /// <summary>Decodes a stream and checks that it is, to the last bit, what the encoder writes for these symbols.</summary>
    /// <returns>Whether it is; if not, the contents of <paramref name="symbols"/> are not defined.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> source, Span<byte> symbols, CancellationToken cancellationToken)
    {
        if (source.Length > Array.MaxLength - Padding)
        {
            return false;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(source.Length + Padding);
        try
        {
            BitOrder.Reverse(source, buffer);
            buffer.AsSpan(source.Length, Padding).Clear();
            return TryDecodeBits(buffer, source.Length, symbols, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    [SkipLocalsInit]
    private static bool TryDecodeBits(byte[] buffer, int length, Span<byte> symbols, CancellationToken cancellationToken)
    {
        ReadOnlySpan<byte> bits = buffer.AsSpan(0, length);
        byte* memory = stackalloc byte[AdaptiveModel.MemorySize];
        fixed (ulong* reciprocals = Reciprocals.Table)
        fixed (byte* output = symbols, input = buffer)
        {
            State state = new()
            {
                Model = new AdaptiveModel(memory),
                Total = AdaptiveModel.SymbolCount,
                Range = (1 << 15) - 2,
                Difference = BitOrder.ReadBits(bits, 0, 16),
                Bits = input,
                Position = 16,
            };
            bool isInside = state.Difference < state.Range;
            for (int done = 0; done < symbols.Length && isInside; done += BlockLength)
            {
                cancellationToken.ThrowIfCancellationRequested();

                // A stream that ended long ago is not worth going on with, and the padding is for one block.
                isInside = state.Position / 8 <= bits.Length + 8L
                    && DecodeBlock(ref state, output + done, Math.Min(symbols.Length - done, BlockLength), reciprocals);
            }

            return isInside && EndsAsEncoded(ref state, bits);
        }
    }

    private static bool DecodeBlock(ref State state, byte* symbols, int count, ulong* reciprocals)
    {
        (Guess guess, int first) = Guesses.Choose(state.Model, state.Total);
        if (guess != Guess.Quad)
        {
            return DecodeSymbols(ref state, symbols, count, guess == Guess.Group ? first : -1, reciprocals);
        }

        byte* end = symbols + count;
        while (true)
        {
            symbols += QuadDecoder.Decode(ref state, symbols, (int)(end - symbols), (nuint)first, reciprocals);
            if (symbols == end)
            {
                return true;
            }

            if (!DecodeSymbols(ref state, symbols, 1, -1, reciprocals))
            {
                return false;
            }

            symbols++;
        }
    }

    /// <summary>Decodes some symbols.</summary>
    /// <param name="state">The state.</param>
    /// <param name="symbols">Receives the symbols.</param>
    /// <param name="count">The number of symbols.</param>
    /// <param name="likely">The first symbol of the group to look in first, or -1.</param>
    /// <param name="reciprocals">The table of <see cref="Reciprocals"/>.</param>
    /// <returns>False where the digits leave the interval: no encoder wrote them.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool DecodeSymbols(ref State state, byte* symbols, int count, int likely, ulong* reciprocals)
    {
        AdaptiveModel model = state.Model;
        uint range = state.Range;
        uint difference = state.Difference;
        byte* bits = state.Bits;
        long position = state.Position;
        for (byte* last = symbols + count; symbols < last;)
        {
            int total = state.Total;
            int run = (int)Math.Min(last - symbols, AdaptiveModel.GetRoom(total));
            for (byte* end = symbols + run; symbols < end; symbols++)
            {
                ulong scaled = range * reciprocals[total];
                ulong next = ReadWord(bits, position);
                int target = ((int)difference * total) + total;
                nuint group = likely >= 0 && Guesses.IsWithin(model, likely, (int)range, target)
                    ? (nuint)likely >> 4
                    : SymbolSearch.FindPlace(model.GroupSums, (int)range, target);
                int sum = model.GroupSums[group];
                target -= (int)range * sum;
                nuint symbol = (group << 4) + SymbolSearch.FindPlace(model.InnerSums + (group << 4), (int)range, target);
                *symbols = (byte)symbol;

                difference -= (uint)((scaled * (uint)(sum + model.InnerSums[symbol])) >> Reciprocals.Shift);
                ulong part = scaled * (uint)model.Counts[symbol];
                range = (uint)(part >> Reciprocals.Shift);
                if (difference >= range)
                {
                    // The quotients are rounded down, which leaves gaps between the intervals. No encoder writes a number in a gap.
                    return false;
                }

                model.Add(symbol);
                total++;
                int shift = BitOperations.LeadingZeroCount(part);
                range <<= shift;
                difference = (difference << shift) | (uint)((next >> 1) >> (63 - shift));
                position += shift;
            }

            state.Total = state.Model.GetSettledTotal(total);
        }

        state.Range = range;
        state.Difference = difference;
        state.Position = position;
        return true;
    }

    /// <summary>The digits from a position on, at least 57 of them, the first one the most significant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong ReadWord(byte* bits, long position)
    {
        ulong word = Unsafe.ReadUnaligned<ulong>(bits + (position >> 3));
        return (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word) << (int)(position & 7);
    }

    /// <summary>
    /// Whether the rest of the stream is what the encoder writes after these symbols: the closing symbols, the two upper digits of
    /// low's window, a one, and zeros to the end of the byte.
    /// </summary>
    /// <remarks>
    /// The closing symbols can't simply be decoded: the two digits cut low short, so the number that the stream stands for may lie a
    /// little below their interval. Instead their sum, c, is built as the encoder does. Let k be the places that they shift; in
    /// units after that shift the encoder's last number is low · 2^k + c, with its lower 14 bits replaced by 2^13. The
    /// stream's number, low · 2^k + difference · 2^k + (k more digits), must be equal to it.
    /// </remarks>
    private static bool EndsAsEncoded(ref State state, ReadOnlySpan<byte> bits)
    {
        uint range = state.Range;
        uint low = BitOrder.ReadBits(bits, state.Position - 16, 16) - state.Difference;
        Int128 added = 0;
        Int128 actual = state.Difference;
        long position = state.Position;
        foreach (byte symbol in AdaptiveEncoder.ClosingSymbols)
        {
            added += range * (uint)state.Model.SumBelow(symbol) / (uint)state.Total;
            range = range * (uint)state.Model.Counts[symbol] / (uint)state.Total;
            state.Model.Add(symbol);
            state.Total = state.Model.GetSettledTotal(state.Total + 1);
            int shift = BitOperations.LeadingZeroCount(range) - 17;
            range <<= shift;
            added <<= shift;
            low <<= shift;
            actual = (actual << shift) | BitOrder.ReadBits(bits, position, shift);
            position += shift;
        }

        const int Cut = 1 << 14;
        Int128 expected = added - (int)((low + (uint)(added & (Cut - 1))) & (Cut - 1)) + (Cut / 2);
        return actual == expected && bits.Length == (position - 16 + 3 + 7) / 8;
    }
}
