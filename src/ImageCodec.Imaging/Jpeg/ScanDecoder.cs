namespace ImageCodec.Imaging.Jpeg;

/// <summary>Goes through the MCUs of a scan and its restart markers.</summary>
internal static class ScanDecoder
{
    /// <summary>Reads the data of a scan.</summary>
    /// <param name="bits">The data; then it stands at its end.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="scan">The scan.</param>
    /// <param name="restartInterval">The MCUs between restart markers, or 0.</param>
    /// <param name="decoder">Takes the blocks.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static void Read(ref BitReader bits, Frame frame, Scan scan, int restartInterval, BlockDecoder decoder, CancellationToken cancellationToken)
    {
        bool alone = scan.Components.Length == 1;
        int columns = alone ? scan.Components[0].BlockColumns : frame.McuColumns;
        int rows = alone ? scan.Components[0].BlockRows : frame.McuRows;
        ResetPredictions(scan);

        int untilRestart = restartInterval;
        int restarts = 0;

        // The data has ended too early, so that there are no blocks before the next restart marker.
        bool isOut = false;
        for (int row = 0; row < rows; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int column = 0; column < columns; column++)
            {
                if (restartInterval > 0)
                {
                    if (untilRestart == 0)
                    {
                        isOut &= !bits.ReadRestart(restarts++ % 8);
                        ResetPredictions(scan);
                        decoder.Restart();
                        untilRestart = restartInterval;
                    }

                    untilRestart--;
                }

                if (isOut)
                {
                    if (decoder.NeedsAllBlocks)
                    {
                        LeaveMcu(scan, decoder, column, row);
                    }
                }
                else if (alone)
                {
                    decoder.Read(ref bits, scan.Components[0], column, row);
                }
                else
                {
                    ReadMcu(ref bits, scan, decoder, column, row);
                }

                if (bits.Overrun && !isOut)
                {
                    bits.Report($"The data of a scan ends inside the MCU {((long)row * columns) + column} of {(long)rows * columns}.");
                    isOut = true;
                }

                if (isOut && !decoder.NeedsAllBlocks && !bits.HasRestartAhead)
                {
                    // What never comes takes no time either, however large the picture is.
                    return;
                }
            }

            decoder.EndMcuRow(row);
        }
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

    private static void LeaveMcu(Scan scan, BlockDecoder decoder, int column, int row)
    {
        if (scan.Components is [Component alone])
        {
            decoder.Leave(alone, column, row);
            return;
        }

        foreach (Component component in scan.Components)
        {
            for (int block = 0; block < component.Horizontal * component.Vertical; block++)
            {
                (int y, int x) = Math.DivRem(block, component.Horizontal);
                decoder.Leave(component, (column * component.Horizontal) + x, (row * component.Vertical) + y);
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
