namespace ImageCodec.Imaging.Jpeg;

/// <summary>Goes through the MCUs of a scan and its restart markers.</summary>
internal static class ScanDecoder
{
    /// <summary>Reads the data of a scan.</summary>
    /// <returns>Where the marker behind it is, or the end of the file.</returns>
    public static int Read(ReadOnlySpan<byte> file, int position, Frame frame, Scan scan, int restartInterval, BlockDecoder decoder, CancellationToken cancellationToken)
    {
        BitReader bits = new(file, position);
        bool alone = scan.Components.Length == 1;
        int columns = alone ? scan.Components[0].BlockColumns : frame.McuColumns;
        int rows = alone ? scan.Components[0].BlockRows : frame.McuRows;
        ResetPredictions(scan);

        int untilRestart = restartInterval;
        int restarts = 0;
        for (int row = 0; row < rows; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int column = 0; column < columns; column++)
            {
                if (restartInterval > 0)
                {
                    if (untilRestart == 0)
                    {
                        bits.ReadRestart(restarts++ % 8);
                        ResetPredictions(scan);
                        decoder.Restart();
                        untilRestart = restartInterval;
                    }

                    untilRestart--;
                }

                if (alone)
                {
                    decoder.Read(ref bits, scan.Components[0], column, row);
                }
                else
                {
                    ReadMcu(ref bits, scan, decoder, column, row);
                }

                if (bits.Overrun)
                {
                    throw JpegFormat.Invalid(
                        $"The data of a scan ends inside the MCU {((long)row * columns) + column} of {(long)rows * columns}.", bits.Position);
                }
            }

            decoder.EndMcuRow(row);
        }

        return bits.FindMarker();
    }

    private static void ReadMcu(ref BitReader bits, Scan scan, BlockDecoder decoder, int column, int row)
    {
        foreach (Component component in scan.Components)
        {
            int left = column * component.Horizontal;
            int top = row * component.Vertical;
            for (int y = 0; y < component.Vertical; y++)
            {
                for (int x = 0; x < component.Horizontal; x++)
                {
                    decoder.Read(ref bits, component, left + x, top + y);
                }
            }
        }
    }

    private static void ResetPredictions(Scan scan)
    {
        foreach (Component component in scan.Components)
        {
            component.DcPrediction = 0;
        }
    }
}
