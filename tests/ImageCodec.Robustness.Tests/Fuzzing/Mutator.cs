using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Robustness.Tests.Fuzzing;

/// <summary>Damages bytes: bits, bytes, numbers, cuts, repeats, splices. The same for the same random numbers.</summary>
internal sealed class Mutator(RandomSource random)
{
    /// <summary>Inputs do not grow beyond this, so that millions of them take minutes.</summary>
    public const int MaxLength = 1 << 14;

    private const int MaxChanges = 5;

    private static readonly long[] Edges =
        [0, 1, 2, 3, 7, 8, 15, 16, 17, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 0xFFFFFF, int.MaxValue, 1L << 31, uint.MaxValue, long.MaxValue, -1, long.MinValue];

    private static readonly string[] Words =
        ["NaN", "Infinity", "-1", "1e999", "99999999999999999999", "0.5", "", " ", "null", "true", "[]", "{}", "\"", "\\u0000", "\0", "\u00e9", "F64", "BF16", "I8"];

    /// <summary>A number in [0, end).</summary>
    public int Next(int end) => random.Next(end);

    /// <summary>True in so many of a hundred cases.</summary>
    public bool Chance(int percent) => random.Next(100) < percent;

    /// <summary>A number at which programs tend to err, a small one, or any.</summary>
    public long Number() => random.Next(4) switch
    {
        0 => random.Next(64),
        1 => random.Next(int.MaxValue),
        _ => Edges[random.Next(Edges.Length)] + random.Next(3) - 1,
    };

    /// <summary>Some changes.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="other">Another input, to take pieces from.</param>
    public byte[] Mutate(ReadOnlySpan<byte> input, ReadOnlySpan<byte> other)
    {
        List<byte> bytes = [.. input];
        for (int changes = 1 + random.Next(1 + random.Next(MaxChanges)); changes > 0; changes--)
        {
            Change(bytes, other);
        }

        if (bytes.Count > MaxLength)
        {
            bytes.RemoveRange(MaxLength, bytes.Count - MaxLength);
        }

        return [.. bytes];
    }

    /// <summary>Puts a number in place of one that is written in digits, or a word that means trouble.</summary>
    public byte[] MutateText(ReadOnlySpan<byte> text)
    {
        List<byte> bytes = [.. text];
        int start = random.Next(Math.Max(1, bytes.Count));
        while (start < bytes.Count && !char.IsAsciiDigit((char)bytes[start]))
        {
            start++;
        }

        int end = start;
        while (end < bytes.Count && char.IsAsciiDigit((char)bytes[end]))
        {
            end++;
        }

        bytes.RemoveRange(start, end - start);
        bytes.InsertRange(start, Encoding.UTF8.GetBytes(Chance(70) ? Number().ToString(CultureInfo.InvariantCulture) : Words[random.Next(Words.Length)]));
        return [.. bytes];
    }

    /// <summary>Takes out, doubles, exchanges or replaces one of a file's parts, or changes one with <paramref name="change"/>.</summary>
    public void MutateParts<T>(List<T> parts, List<T> others, Func<T, T> change)
    {
        for (int changes = 1 + random.Next(1 + random.Next(3)); changes > 0 && parts.Count > 0; changes--)
        {
            int at = random.Next(parts.Count);
            switch (random.Next(14))
            {
                case 0:
                    parts.RemoveAt(at);
                    break;
                case 1:
                    parts.Insert(random.Next(parts.Count), parts[at]);
                    break;
                case 2:
                    int with = random.Next(parts.Count);
                    (parts[at], parts[with]) = (parts[with], parts[at]);
                    break;
                case 3 when others.Count > 0:
                    parts.Insert(at, others[random.Next(others.Count)]);
                    break;
                default:
                    parts[at] = change(parts[at]);
                    break;
            }
        }
    }

    private void Change(List<byte> bytes, ReadOnlySpan<byte> other)
    {
        if (bytes.Count == 0)
        {
            bytes.Add((byte)random.Next(256));
            return;
        }

        int at = random.Next(bytes.Count);
        int length = Math.Min(1 + random.Next(random.Next(4) == 0 ? bytes.Count : 16), bytes.Count - at);
        switch (random.Next(12))
        {
            case 0 or 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes[at] = (byte)random.Next(256);
                break;
            case 3:
                bytes[at] = (byte)Number();
                break;
            case 4:
                bytes[at] += (byte)(random.Next(9) - 4);
                break;
            case 5:
                PutNumber(bytes, at);
                break;
            case 6:
                bytes.RemoveRange(at, length);
                break;
            case 7:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 8:
                bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                break;
            case 9:
                for (int i = 0; i < length; i++)
                {
                    bytes.Insert(at, (byte)random.Next(256));
                }

                break;
            case 10 when other.Length > 0:
                // The rest of the other file, from about the same place.
                int from = Math.Clamp(at + random.Next(17) - 8, 0, other.Length);
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other[from..]);
                break;
            default:
                bytes[at] = bytes[random.Next(bytes.Count)];
                break;
        }
    }

    private void PutNumber(List<byte> bytes, int at)
    {
        Span<byte> number = stackalloc byte[8];
        int length = 1 << random.Next(4);
        if (Chance(50))
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, Number());
            number = number[..length];
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(number, Number());
            number = number[^length..];
        }

        for (int i = 0; i < length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = number[i];
        }
    }
}
