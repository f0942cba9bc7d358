using System.Buffers;
using System.Numerics;

namespace ImageCodec.OwnStages;

/// <summary>
/// Writes how many zeros come before each other symbol, and then that symbol, as Elias gamma codes (Elias, 1975): n as ⌊log2 n⌋ zeros and the bits of n.
/// Channel goes after channel, so that high frequencies make long runs.
/// </summary>
internal sealed class ZeroRunCoder : IEntropyCoder
{
    public void Encode(ReadOnlySpan<byte> symbols, TensorShape latentShape, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        BitWriter bits = new(destination);
        int run = 0;
        for (int i = 0; i < symbols.Length; i++)
        {
            byte symbol = symbols[Scan(i, latentShape)];
            if (symbol == 0)
            {
                run++;
                continue;
            }

            bits.WriteGamma(run + 1);
            bits.WriteGamma(symbol);
            run = 0;
        }

        if (run > 0)
        {
            bits.WriteGamma(run + 1);
        }

        bits.Flush();
    }

    public void Decode(ReadOnlySpan<byte> source, TensorShape latentShape, Span<byte> symbols, CancellationToken cancellationToken = default)
    {
        BitReader bits = new(source);
        symbols.Clear();
        for (int i = 0; i < symbols.Length; i++)
        {
            i += bits.ReadGamma(symbols.Length - i + 1) - 1;
            if (i < symbols.Length)
            {
                symbols[Scan(i, latentShape)] = (byte)bits.ReadGamma(byte.MaxValue);
            }
        }

        bits.CheckEnd();
    }

    /// <summary>The index of the i-th symbol when channel goes after channel.</summary>
    private static int Scan(int i, TensorShape shape)
    {
        int places = shape.Height * shape.Width;
        return i % places * shape.Channels + i / places;
    }

    private ref struct BitWriter(IBufferWriter<byte> destination)
    {
        private int _current = 1;

        public void WriteGamma(int value)
        {
            int length = BitOperations.Log2((uint)value);
            for (int i = 2 * length; i >= 0; i--)
            {
                // A 1 marks where the byte begins.
                _current = (_current << 1) | (i > length ? 0 : (value >> i) & 1);
                if (_current > byte.MaxValue)
                {
                    destination.Write([(byte)_current]);
                    _current = 1;
                }
            }
        }

        public void Flush()
        {
            while (_current > 1)
            {
                _current <<= 1;
                if (_current > byte.MaxValue)
                {
                    destination.Write([(byte)_current]);
                    _current = 1;
                }
            }
        }
    }

    /// <summary>Whatever the bytes are, all that happens is an <see cref="InvalidFileException"/>.</summary>
    private ref struct BitReader(ReadOnlySpan<byte> source)
    {
        private readonly ReadOnlySpan<byte> _source = source;
        private int _position;

        public int ReadGamma(int max)
        {
            int length = 0;
            while (ReadBit() == 0)
            {
                if (++length > 30)
                {
                    throw Damaged("a number is too long");
                }
            }

            int value = 1;
            for (int i = 0; i < length; i++)
            {
                value = (value << 1) | ReadBit();
            }

            return value <= max ? value : throw Damaged($"the number {value} is above {max}");
        }

        public readonly void CheckEnd()
        {
            if ((_position + 7) / 8 != _source.Length)
            {
                throw Damaged("there are bytes behind the last symbol");
            }
        }

        private int ReadBit()
        {
            if (_position / 8 == _source.Length)
            {
                throw Damaged("the stream ends too early");
            }

            int bit = (_source[_position / 8] >> (7 - _position % 8)) & 1;
            _position++;
            return bit;
        }

        private static InvalidFileException Damaged(string problem) => new("ICD", problem + " in the coded symbols.");
    }
}
