using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ImageCodec.Imaging.Jpeg;

/// <summary>
/// Reads the bits of a scan's entropy-coded data up to the next marker. Beyond it come zeros, so that the decoders need not look for
/// the end at each bit; they ask <see cref="Overrun"/> once a block.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="position">Where the data begins.</param>
/// <param name="isTolerant">Whether damage is noted instead of refused; bits then become pixels as in libjpeg-turbo.</param>
internal ref struct BitReader(ReadOnlySpan<byte> file, int position, bool isTolerant)
{
    /// <summary>After a fill there are at least so many bits, unless the data ends: a code of up to 16 and up to 15 more behind it.</summary>
    private const int FilledBits = 32;

    private readonly ReadOnlySpan<byte> _file = file;

    /// <summary>The next bits, the first at the top, zeros behind the last.</summary>
    private ulong _bits;

    /// <summary>How many bits there are; negative when more were taken than the data has.</summary>
    private int _count;

    /// <summary>The next byte to be read; never beyond a marker.</summary>
    public int Position { get; private set; } = position;

    /// <summary>More bits were taken than there are before the next marker.</summary>
    public readonly bool Overrun => _count < 0;

    /// <summary>What has come is near its end, so that a bad code may be the zeros behind it.</summary>
    public readonly bool NearEnd => _count < FilledBits;

    /// <summary>What was first found to be damaged, where damage is tolerated.</summary>
    public InvalidFileException? Damage { get; private set; }

    /// <summary>Notes damage.</summary>
    /// <exception cref="InvalidFileException">Damage is not tolerated.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Report(string problem)
    {
        if (Damage is null)
        {
            InvalidFileException damage = JpegFormat.Invalid(problem, Position);
            Damage = isTolerant ? damage : throw damage;
        }
    }

    /// <summary>Whether the next marker is a restart marker, or one that may stand before it.</summary>
    public readonly bool HasRestartAhead
    {
        get
        {
            int at = FindMarker();
            return at < _file.Length && _file[at + 1] is < Marker.StartOfBaselineFrame or (>= Marker.FirstRestart and <= Marker.LastRestart) or Marker.Prefix;
        }
    }

    /// <summary>Makes the next 16 bits and 15 more behind them ready.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fill()
    {
        if (_count < FilledBits)
        {
            FillSlowly();
        }
    }

    /// <summary>The next bits, which <see cref="Fill"/> made ready, without taking them; at least one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Peek(int count) => (int)(_bits >> (64 - count));

    /// <summary>Takes bits that <see cref="Fill"/> made ready.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int count)
    {
        _bits <<= count;
        _count -= count;
    }

    public int ReadBit()
    {
        if (_count < 1)
        {
            FillSlowly();
        }

        int bit = Peek(1);
        Skip(1);
        return bit;
    }

    /// <summary>Reads a plain number of up to 15 bits.</summary>
    public int ReadBits(int count)
    {
        if (count == 0)
        {
            return 0;
        }

        Fill();
        int value = Peek(count);
        Skip(count);
        return value;
    }

    /// <summary>Reads 1 to 15 bits, which <see cref="Fill"/> made ready, as F.2.2.1 extends them: those that begin with 0 are negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadSigned(int count)
    {
        int value = Peek(count);
        Skip(count);

        // All ones where the first bit is 0, which then takes 2^count - 1 off.
        int negative = (value >> (count - 1)) - 1;
        return value + (negative & (1 - (1 << count)));
    }

    /// <summary>Ends the interval of a scan, which must be used up but for the bits that fill its last byte, and reads the marker behind it.</summary>
    /// <returns>Whether an interval begins here. Where damage is tolerated, it may be that this one is missing; then there are no bits.</returns>
    public bool ReadRestart(int number)
    {
        // Right at the end of an interval nothing may have been made ready.
        FillSlowly();
        bool hasMore = _count >= 8;
        _bits = 0;
        _count = 0;
        SegmentReader segments = new(_file, Position);
        hasMore |= !segments.TryReadMarker(out byte marker) || segments.HasSkipped;
        int expected = Marker.FirstRestart + number;
        if (!hasMore && marker == expected)
        {
            Position = segments.Position;
            return true;
        }

        if (Damage is null)
        {
            Report($"The restart marker FF{expected:X2} was expected here, but {(hasMore ? "there is more data" : $"FF{marker:X2} was found")}.");
        }

        return FindRestart(number);
    }

    /// <summary>The next marker; data before it is passed over, since some cameras leave a few bytes there.</summary>
    public readonly int FindMarker() => SegmentReader.FindMarker(_file, Position);

    /// <summary>
    /// Looks for a restart marker as libjpeg-turbo does: one or two that come too early mean that intervals are missing here, one or two that are late are passed over,
    /// and any other is taken for the one that was expected. Any other marker ends the scan.
    /// </summary>
    private bool FindRestart(int number)
    {
        while (true)
        {
            SegmentReader segments = new(_file, Position);
            if (!segments.TryReadMarker(out byte marker))
            {
                Position = _file.Length;
                return false;
            }

            Position = segments.Position;
            bool isRestart = marker is >= Marker.FirstRestart and <= Marker.LastRestart;
            int ahead = (marker - Marker.FirstRestart - number) & 7;
            if (isRestart ? ahead is 1 or 2 : marker >= Marker.StartOfBaselineFrame)
            {
                Position -= 2;
                return false;
            }

            if (isRestart && ahead is not (6 or 7))
            {
                return true;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FillSlowly()
    {
        if (_count >= 0 && _file.Length - Position >= 8)
        {
            ulong next = BinaryPrimitives.ReadUInt64BigEndian(_file[Position..]);

            // Bytes of 0xFF need a look at the byte behind them; without any, all that fit are taken at once.
            bool hasPrefix = ((~next - 0x0101010101010101) & next & 0x8080808080808080) != 0;
            if (!hasPrefix)
            {
                int bytes = (63 - _count) / 8;
                _bits |= (next & ~(ulong.MaxValue >> (8 * bytes))) >> _count;
                _count += 8 * bytes;
                Position += bytes;
                return;
            }
        }

        // The count is below 0 only at the end of the data, which this finds again.
        while (_count <= 56 && Position < _file.Length)
        {
            byte value = _file[Position];
            if (value == Marker.Prefix)
            {
                if (Position + 1 >= _file.Length || _file[Position + 1] != 0)
                {
                    return;
                }

                Position++;
            }

            Position++;
            _bits |= (ulong)value << (56 - _count);
            _count += 8;
        }
    }
}
