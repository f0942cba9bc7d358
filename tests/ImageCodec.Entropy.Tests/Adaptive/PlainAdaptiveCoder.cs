namespace ImageCodec.Entropy.Tests.Adaptive;

/// <summary>The format's description turned into code word for word, one bit at a time: what the fast coder is compared with.</summary>
internal sealed class PlainAdaptiveCoder
{
    private const uint Quarter = 1 << 14;
    private const uint Half = 1 << 15;
    private readonly uint[] _counts = new uint[256];
    private readonly List<byte> _bytes = [];
    private uint _total = 256;
    private uint _low;
    private uint _range = Half - 2;
    private long _outstanding;
    private long _bit;

    private PlainAdaptiveCoder() => Array.Fill(_counts, 1u);

    /// <summary>The most outstanding bits there were at once.</summary>
    public long LongestCarryRun { get; private set; }

    public static byte[] Encode(ReadOnlySpan<byte> symbols) => Encode(symbols, out _);

    public static byte[] Encode(ReadOnlySpan<byte> symbols, out long longestCarryRun)
    {
        PlainAdaptiveCoder coder = new();
        foreach (byte symbol in symbols)
        {
            coder.Encode(symbol);
        }

        foreach (byte symbol in (ReadOnlySpan<byte>)[0, 1, 0, 1])
        {
            coder.Encode(symbol);
        }

        coder.PutWithOutstanding(coder._low >> 15);
        coder.Put((coder._low >> 14) & 1);
        coder.Put(1);
        longestCarryRun = coder.LongestCarryRun;
        return [.. coder._bytes];
    }

    public static byte[] Decode(byte[] stream, int count)
    {
        PlainAdaptiveCoder coder = new();
        long position = 0;
        uint NextBit()
        {
            long at = position++;
            return at / 8 < stream.Length ? ((uint)stream[at / 8] >> (int)(at % 8)) & 1 : 0;
        }

        uint value = 0;
        for (int i = 0; i < 16; i++)
        {
            value = (2 * value) + NextBit();
        }

        byte[] symbols = new byte[count];
        for (int i = 0; i < count; i++)
        {
            uint c = (((value - coder._low + 1) * coder._total) - 1) / coder._range;
            uint sum = 0;
            int symbol = 0;
            while (symbol < 255 && sum + coder._counts[symbol] <= c)
            {
                sum += coder._counts[symbol++];
            }

            symbols[i] = (byte)symbol;
            coder.Narrow(symbol);
            while (coder._range < Quarter)
            {
                uint off = coder._low >= Half ? Half : coder._low < Quarter ? 0 : Quarter;
                coder._low = 2 * (coder._low - off);
                value = (2 * (value - off)) + NextBit();
                coder._range *= 2;
            }
        }

        return symbols;
    }

    private void Encode(int symbol)
    {
        Narrow(symbol);
        while (_range < Quarter)
        {
            if (_low >= Half)
            {
                PutWithOutstanding(1);
                _low -= Half;
            }
            else if (_low < Quarter)
            {
                PutWithOutstanding(0);
            }
            else
            {
                _outstanding++;
                LongestCarryRun = Math.Max(LongestCarryRun, _outstanding);
                _low -= Quarter;
            }

            _low *= 2;
            _range *= 2;
        }
    }

    private void Narrow(int symbol)
    {
        uint sum = 0;
        for (int i = 0; i < symbol; i++)
        {
            sum += _counts[i];
        }

        _low += _range * sum / _total;
        _range = Math.Max(1, _range * _counts[symbol] / _total);
        _counts[symbol]++;
        _total++;
        if (_total > 16384)
        {
            _total = 0;
            for (int i = 0; i < 256; i++)
            {
                _counts[i] = Math.Max(1, _counts[i] >> 1);
                _total += _counts[i];
            }
        }
    }

    private void PutWithOutstanding(uint bit)
    {
        Put(bit);
        for (; _outstanding > 0; _outstanding--)
        {
            Put(bit ^ 1);
        }
    }

    private void Put(uint bit)
    {
        if (_bit % 8 == 0)
        {
            _bytes.Add(0);
        }

        _bytes[^1] |= (byte)(bit << (int)(_bit++ % 8));
    }
}
