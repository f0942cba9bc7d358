namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>What the synthesis of a picture needs in every run: how its rows lie, the target, and its half-size planes.</summary>
internal sealed unsafe class SynthesisPicture
{
    /// <summary>Levels of a byte to the unit, and the level of zero.</summary>
    public const float Levels = 256;
    public const float ZeroLevel = 128;

    /// <summary>
    /// Rows that make another six bands worth while. Some rows around a band are computed twice, so bands should be high; and they should be a multiple of
    /// two and of three, for as many threads.
    /// </summary>
    private const int RowsOfBands = 1024;

    private readonly PinnedFloats[] _target;

    public SynthesisPicture(FittedLayout layout, RgbImage image, CancellationToken cancellationToken)
    {
        Layout = layout;
        Rows = new RowLayout(image.Width);
        Height = image.Height;
        BandRows = ChooseBandRows(Height);
        Chain = new UpsamplingChain(image.Width, image.Height, BandRows);
        _target = new PinnedFloats[Bands];
        for (int band = 0; band < Bands; band++)
        {
            _target[band] = new PinnedFloats(BandRows * Rows.BlockRow(FittedLayout.Colors));
        }

        for (int y = 0; y < Height; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> row = image.GetRow(y);
            float* to = Target(y);
            for (int x = 0; x < row.Length; x++)
            {
                to[Place(x)] = (row[x] - ZeroLevel) / Levels;
            }
        }
    }

    public FittedLayout Layout { get; }

    public RowLayout Rows { get; }

    public int Height { get; }

    public int BandRows { get; }

    public int Bands => (Height + BandRows - 1) / BandRows;

    public UpsamplingChain Chain { get; }

    /// <summary>A row of what is to come out, in blocks.</summary>
    public float* Target(int y) => _target[y / BandRows].Data + y % BandRows * (nint)Rows.BlockRow(FittedLayout.Colors);

    /// <summary>Where a byte of a row of the picture has its place in a row in blocks.</summary>
    public static int Place(int index) =>
        RowLayout.InBlocks(index / FittedLayout.Colors, FittedLayout.Colors) + index % FittedLayout.Colors * RowLayout.Block;

    private static int ChooseBandRows(int height)
    {
        int bands = height switch
        {
            < 32 => 1,
            < 192 => 2,
            < 384 => 4,
            _ => 6 * ((height + RowsOfBands - 1) / RowsOfBands),
        };

        // Two rows share a row of half size.
        return (height + 2 * bands - 1) / (2 * bands) * 2;
    }
}
