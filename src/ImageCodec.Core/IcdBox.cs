using System.Buffers;

namespace ImageCodec;

/// <summary>One of the boxes that an <c>.icd</c> file of version 2 has before its body: something that belongs to the picture beside its colours.</summary>
/// <remarks>Immutable, so safe to use from several threads at once.</remarks>
public sealed class IcdBox
{
    internal const int IccProfile = 1;
    internal const int Exif = 2;
    internal const int Xmp = 3;
    internal const int CodePoints = 4;
    internal const int Gamma = 5;
    internal const int Grey = 6;
    internal const int Alpha = 7;
    internal const int Residual = 8;
    internal const int Turn = 9;

    private const string Format = "ICD";
    private const byte MustBeKnown = 0x80;
    private const byte Compressed = 0x40;
    private const byte End = 0;

    internal IcdBox(int kind, ReadOnlyMemory<byte> payload, bool isCompressed = false) => (Kind, Payload, IsCompressed) = (kind, payload, isCompressed);

    /// <summary>What it holds: <c>icc</c>, <c>exif</c>, <c>xmp</c>, <c>cicp</c>, <c>gamma</c>, <c>grey</c>, <c>alpha</c>, <c>residual</c> or <c>turn</c>; or, of one that this library does not know, its number.</summary>
    public string Name => Kind switch
    {
        IccProfile => "icc",
        Exif => "exif",
        Xmp => "xmp",
        CodePoints => "cicp",
        Gamma => "gamma",
        Grey => "grey",
        Alpha => "alpha",
        Residual => "residual",
        Turn => "turn",
        _ => Kind.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>Bytes that the box takes in the file.</summary>
    public int Length => 1 + VariableLength.Count(Payload.Length) + Payload.Length;

    internal int Kind { get; }

    internal ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Whether the payload is a length and a raw DEFLATE stream.</summary>
    internal bool IsCompressed { get; }

    /// <summary>A reader that shows other colours, or none where there should be, or a picture on its side, had better show nothing.</summary>
    private static bool ChangesPixels(int kind) => kind is Grey or Alpha or Residual or Turn;

    /// <summary>Writes boxes and what ends them.</summary>
    /// <param name="boxes">The boxes, in the order of their kinds.</param>
    /// <param name="writer">Receives the bytes.</param>
    internal static void Write(IReadOnlyList<IcdBox> boxes, ArrayBufferWriter<byte> writer)
    {
        foreach (IcdBox box in boxes)
        {
            writer.Write<byte>([(byte)(box.Kind | (ChangesPixels(box.Kind) ? MustBeKnown : 0) | (box.IsCompressed ? Compressed : 0))]);
            VariableLength.Write(writer, box.Payload.Length);
            writer.Write(box.Payload.Span);
        }

        writer.Write<byte>([End]);
    }

    /// <summary>Reads boxes and what ends them. Payloads are not copied.</summary>
    /// <param name="file">The file.</param>
    /// <param name="end">Where what may be read ends.</param>
    /// <param name="position">Where the first box begins; then where the body does.</param>
    /// <exception cref="InvalidFileException">They are damaged, or one is not known that must be.</exception>
    internal static List<IcdBox> Read(ReadOnlyMemory<byte> file, int end, ref int position)
    {
        ReadOnlySpan<byte> bytes = file.Span[..end];
        List<IcdBox> boxes = [];
        while (true)
        {
            if (position >= bytes.Length)
            {
                throw new InvalidFileException(Format, "the file ends among its boxes.", position);
            }

            int start = position;
            int head = bytes[position++];
            if (head == End)
            {
                return boxes;
            }

            int kind = head & ~(MustBeKnown | Compressed);
            if (kind <= (boxes.Count > 0 ? boxes[^1].Kind : 0))
            {
                throw new InvalidFileException(Format, $"a box of the kind {kind} comes where only later kinds may.", start);
            }

            CheckHead(kind, head, start);
            long length = VariableLength.Read(bytes, ref position, "the length of a box");
            if (length > bytes.Length - position)
            {
                throw new InvalidFileException(Format, $"a box is said to have {length} bytes, but {bytes.Length - position} follow.", start);
            }

            boxes.Add(new IcdBox(kind, file.Slice(position, (int)length), (head & Compressed) != 0));
            position += (int)length;
        }
    }

    private static void CheckHead(int kind, int head, int offset)
    {
        if (kind > Turn)
        {
            if ((head & MustBeKnown) != 0)
            {
                throw new InvalidFileException(Format, $"the picture can't be shown without a box of the kind {kind}, which this library does not know.", offset);
            }

            return;
        }

        bool mayBeCompressed = kind is IccProfile or Exif or Xmp;
        if ((head & MustBeKnown) != 0 != ChangesPixels(kind) || ((head & Compressed) != 0 && !mayBeCompressed))
        {
            throw new InvalidFileException(Format, $"a box begins with the byte {head:X2}, which none of the kind {kind} does.", offset);
        }
    }
}
