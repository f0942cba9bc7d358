namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// What one thread needs to work on a block of positions: activations and gradients, row by row, and lists of rows. Rows that are read at shifted
/// places have a margin of zeros on both sides.
/// </summary>
internal sealed unsafe class EntropyScratch
{
    /// <summary>Positions of a block: a piece of a row. So few that a block's activations stay in the nearest cache.</summary>
    public const int Block = 256;

    /// <summary>Positions of a block in the next coarser grid.</summary>
    public const int CoarseBlock = Block / 2;

    /// <summary>Values before and behind a row that others' shifts reach.</summary>
    public const int Margin = 16;

    /// <summary>From a row with margins to the next.</summary>
    public const int WidePitch = Block + 2 * Margin;

    /// <inheritdoc cref="WidePitch"/>
    public const int WideCoarsePitch = CoarseBlock + 2 * Margin;

    private const int MaxLanes = 16;

    private readonly PinnedFloats _memory;
    private readonly PinnedFloats _lists;
    private int _used;
    private int _listed;

    public EntropyScratch(EntropySums sums)
    {
        const int n = FittedLayout.Inputs;
        const int features = FittedLayout.Features;
        const int Pointer = 2;
        _memory = new PinnedFloats(
            (n + 2) * Block + (n + 2) * WidePitch + features * (Block + 2 * CoarseBlock) + (FittedLayout.CoarseValues + 1) * WideCoarsePitch
            + 8 * Block + sums.Count * MaxLanes);
        _lists = new PinnedFloats(Pointer * (3 * sums.Columns + n + 2 + sums.FeatureColumns + features));

        First = Rows((n + 2) * Block);
        Second = Rows((n + 2) * WidePitch) + WidePitch / 2 + Margin;
        Inputs = Rows(features * Block);
        Features = Rows(features * CoarseBlock);
        FeatureGradients = Rows(features * CoarseBlock);
        CoarseGradients = Rows((FittedLayout.CoarseValues + 1) * WideCoarsePitch) + WideCoarsePitch / 2 / 16 * 16 + Margin;
        SecondCoarse = Rows(Block);
        ThirdCoarse = Rows(Block);
        Temporary = Rows(Block);
        Zeros = Rows(Block);
        Ones = Rows(Block);
        Ramp = Rows(Block);
        Sums = Rows(sums.Count * MaxLanes);
        for (int i = 0; i < Block; i++)
        {
            Ones[i] = 1;
            Ramp[i] = i;
        }

        InputRows = List(sums.Columns);
        FirstRows = List(sums.Columns, First, Block, n + 2);
        SecondRows = List(sums.Columns, Second, WidePitch, n);
        OutputRows = FirstRows + n;
        CoarseRows = List(sums.FeatureColumns);
        FeatureGradientRows = List(features, FeatureGradients, CoarseBlock, features);
        for (int i = 0; i < sums.Columns; i++)
        {
            InputRows[i] = Zeros;
        }

        for (int i = 0; i < sums.FeatureColumns; i++)
        {
            CoarseRows[i] = Ones;
        }
    }

    /// <summary>The first hidden layer, then its gradients; two more rows are mean and scale, then their gradients.</summary>
    public float* First { get; }

    /// <summary>The second hidden layer, then its gradients, then those of the inputs. One more row: the gradients of the coded values. With margins.</summary>
    public float* Second { get; }

    /// <summary>Those inputs that are features.</summary>
    public float* Inputs { get; }

    /// <summary>Features at their own resolution.</summary>
    public float* Features { get; }

    public float* FeatureGradients { get; }

    /// <summary>Gradients of the values that features are made from. With margins.</summary>
    public float* CoarseGradients { get; }

    /// <summary>The grid two further on, at the resolution of the features.</summary>
    public float* SecondCoarse { get; }

    /// <summary>The grid three further on, at the resolution of the features.</summary>
    public float* ThirdCoarse { get; }

    public float* Temporary { get; }

    public float* Zeros { get; }

    public float* Ones { get; }

    /// <summary>0, 1, 2 …</summary>
    public float* Ramp { get; }

    /// <summary>A vector for each of <see cref="EntropySums"/>.</summary>
    public float* Sums { get; }

    /// <summary>All inputs.</summary>
    public float** InputRows { get; }

    /// <summary>The rows of <see cref="First"/>.</summary>
    public float** FirstRows { get; }

    /// <summary>The last two of them.</summary>
    public float** OutputRows { get; }

    /// <summary>The rows of <see cref="Second"/>.</summary>
    public float** SecondRows { get; }

    /// <summary>What features are made from, then ones.</summary>
    public float** CoarseRows { get; }

    public float** FeatureGradientRows { get; }

    private float* Rows(int length)
    {
        float* rows = _memory.Data + _used;
        _used += length;
        return rows;
    }

    private float** List(int length, float* rows = null, int pitch = 0, int count = 0)
    {
        float** list = (float**)_lists.Data + _listed;
        length = Math.Max(length, count);
        _listed += length;
        for (int i = 0; i < length; i++)
        {
            list[i] = rows + Math.Min(i, Math.Max(count - 1, 0)) * pitch;
        }

        return list;
    }
}
