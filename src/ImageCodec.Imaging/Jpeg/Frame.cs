using System.Buffers.Binary;

namespace ImageCodec.Imaging.Jpeg;

/// <summary>The contents of a frame header (B.2.2), checked.</summary>
internal sealed class Frame
{
    private const int HeaderLength = 6;
    private const int BytesPerComponent = 3;
    private const int MaxSamplingFactor = 4;
    private const int BitsPerSample = 8;

    private Frame(int width, int height, bool progressive, Component[] components)
    {
        Width = width;
        Height = height;
        IsProgressive = progressive;
        Components = components;
        MaxHorizontal = components.Max(component => component.Horizontal);
        MaxVertical = components.Max(component => component.Vertical);
        McuColumns = JpegFormat.DivideUp(width, JpegFormat.BlockSide * MaxHorizontal);
        McuRows = JpegFormat.DivideUp(height, JpegFormat.BlockSide * MaxVertical);
        foreach (Component component in components)
        {
            component.Place(this);
        }
    }

    public int Width { get; }

    public int Height { get; }

    public bool IsProgressive { get; }

    public Component[] Components { get; }

    public int MaxHorizontal { get; }

    public int MaxVertical { get; }

    /// <summary>MCUs a row in a scan of several components.</summary>
    public int McuColumns { get; }

    public int McuRows { get; }

    /// <summary>Rows of the picture that an MCU has.</summary>
    public int McuHeight => JpegFormat.BlockSide * MaxVertical;

    /// <summary>The blocks of all components, without those that only fill up MCUs.</summary>
    public long BlockCount => Components.Sum(component => component.BlockCount);

    public static Frame Parse(byte marker, ReadOnlySpan<byte> data, int offset, long maxPixelCount)
    {
        if (data.Length < HeaderLength || data.Length != HeaderLength + (BytesPerComponent * data[5]))
        {
            throw JpegFormat.Invalid($"The frame header has {data.Length} bytes instead of {HeaderLength} and {BytesPerComponent} a component.", offset);
        }

        if (data[0] != BitsPerSample)
        {
            throw JpegFormat.Invalid($"The samples have {data[0]} bits; only {BitsPerSample} are supported.", offset);
        }

        int height = BinaryPrimitives.ReadUInt16BigEndian(data[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(data[3..]);
        if (height == 0)
        {
            throw JpegFormat.Invalid("The frame header leaves the number of rows to a marker DNL behind the first scan, which is not supported.", offset + 1);
        }

        if (width == 0)
        {
            throw JpegFormat.Invalid($"The declared size is {width}×{height}; both sides must be at least 1.", offset + 1);
        }

        if ((long)width * height > maxPixelCount)
        {
            throw JpegFormat.Invalid(
                $"The declared size is {width}×{height}, but at most {maxPixelCount} pixels are to be read.", offset + 1);
        }

        Component[] components = ParseComponents(data[HeaderLength..], offset + HeaderLength);
        return new Frame(width, height, marker == Marker.StartOfProgressiveFrame, components);
    }

    /// <summary>
    /// Refuses a size that what follows in the file cannot fill. However a picture is coded, each of its blocks takes a Huffman code of
    /// its own for the DC coefficient, and in a sequential frame another one for the AC coefficients; a code has at least one bit.
    /// </summary>
    public void CheckPlausible(int bytesLeft, int offset)
    {
        long least = ((BlockCount * (IsProgressive ? 1 : 2)) + 7) / 8;
        if (least > bytesLeft)
        {
            throw JpegFormat.Invalid(
                $"The declared size of {Width}×{Height} has {BlockCount} blocks, which take at least {least} bytes, but only {bytesLeft} follow.", offset);
        }
    }

    private static Component[] ParseComponents(ReadOnlySpan<byte> data, int offset)
    {
        int count = data.Length / BytesPerComponent;
        if (count is 0 or > 4)
        {
            throw JpegFormat.Invalid($"The frame header has {count} components; there are pictures of 1, 3 and 4.", offset - 1);
        }

        Component[] components = new Component[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = data.Slice(BytesPerComponent * i, BytesPerComponent);
            int at = offset + (BytesPerComponent * i);
            int id = entry[0];
            int horizontal = entry[1] >> 4;
            int vertical = entry[1] & 15;
            if (horizontal is 0 or > MaxSamplingFactor || vertical is 0 or > MaxSamplingFactor)
            {
                throw JpegFormat.Invalid(
                    $"The component {id} has the sampling factors {horizontal} and {vertical}; they must be 1 to {MaxSamplingFactor}.", at);
            }

            if (entry[2] >= DecodingTables.Count)
            {
                throw JpegFormat.Invalid($"The component {id} has the quantization table {entry[2]}; there are 0 to {DecodingTables.Count - 1}.", at);
            }

            // Factors only relate components to each other; one alone is never subsampled, and its MCU is one block.
            components[i] = count == 1 ? new Component(i, id, 1, 1, entry[2]) : new Component(i, id, horizontal, vertical, entry[2]);
        }

        CheckWholeMultiples(components, offset);
        return components;
    }

    private static void CheckWholeMultiples(Component[] components, int offset)
    {
        foreach (Component component in components)
        {
            foreach (Component other in components)
            {
                if ((other.Horizontal > component.Horizontal && other.Horizontal % component.Horizontal != 0)
                    || (other.Vertical > component.Vertical && other.Vertical % component.Vertical != 0))
                {
                    throw JpegFormat.Invalid(
                        $"The component {component.Id} has the sampling factors {component.Horizontal}×{component.Vertical} beside {other.Horizontal}×{other.Vertical}; "
                        + "only whole multiples are supported.",
                        offset);
                }
            }
        }
    }
}
