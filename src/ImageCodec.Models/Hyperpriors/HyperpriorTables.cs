using ImageCodec.Entropy;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// The tables that a hyperprior's values are coded with: those of normal distributions, corrected to what values really turn out to be. They are nearer to zero
/// than the normal distribution has it, as the encoder rounds with an eye on the rate, and sometimes further away.
/// </summary>
/// <remarks>The same on every machine. Safe to use from several threads at once.</remarks>
internal sealed class HyperpriorTables
{
    /// <summary>Magnitudes that are corrected each on its own; the last one stands for all beyond, values that no table lists included.</summary>
    public const int Magnitudes = 16;

    private const string Name = "table_corrections";
    private const float LargestCorrection = 20;

    private readonly Lazy<TableCoder> _coder;
    private readonly Lazy<TrellisQuantizer> _quantizer;
    private readonly Lazy<TrellisQuantizer> _refiningQuantizer;

    /// <summary>Makes tables.</summary>
    /// <param name="corrections">
    /// For each table and magnitude the natural logarithm of what the normal distribution's probability is multiplied by, before all are scaled to
    /// add up to 1; within ±20.
    /// </param>
    public HyperpriorTables(float[] corrections)
    {
        Corrections = corrections;
        _coder = new Lazy<TableCoder>(() => new TableCoder(new FrequencyTableSet(Enumerable.Range(0, DependentTables.Count).Select(Correct), DependentTables.TwinCount)));
        _quantizer = new Lazy<TrellisQuantizer>(() => new TrellisQuantizer(_coder.Value.Tables));
        _refiningQuantizer = new Lazy<TrellisQuantizer>(() => new TrellisQuantizer(_coder.Value.Tables, LatentRefinement.Lambda));
    }

    /// <summary>Uncorrected ones.</summary>
    public static HyperpriorTables Normal { get; } = new(new float[DependentTables.Count * Magnitudes]);

    /// <summary>[table, magnitude].</summary>
    public float[] Corrections { get; }

    public TableCoder Coder => _coder.Value;

    /// <summary>Rounds with an eye on what these tables take for a value.</summary>
    public TrellisQuantizer Quantizer => _quantizer.Value;

    /// <summary>The same at the price of a bit that a refinement has.</summary>
    public TrellisQuantizer RefiningQuantizer => _refiningQuantizer.Value;

    /// <summary>A normal distribution's table for each scale.</summary>
    public static IReadOnlyList<FrequencyTable> NormalTables => LazyNormalTables.Value;

    /// <summary>Makes all that is needed on another thread, as it takes a while and a picture's first networks don't need it.</summary>
    public void Prepare() => Task.Run(() => _quantizer.Value);

    /// <summary>The names of <see cref="Tensors"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = [Name];

    /// <summary>The tensors that a weights file has of them: none for uncorrected ones.</summary>
    public IEnumerable<NamedTensor> Tensors =>
        this == Normal ? [] : [new NamedTensor(Name, [DependentTables.Count, Magnitudes], Corrections)];

    private static Lazy<IReadOnlyList<FrequencyTable>> LazyNormalTables { get; } =
        new(() => new ScaleGrid(ScaleTable.Lowest, ScaleTable.Highest, ScaleTable.Count).CreateGaussianTables().Tables);

    /// <summary>The tables of a weights file; uncorrected ones where it has none.</summary>
    /// <exception cref="InvalidFileException">Its corrections have another shape or are out of range.</exception>
    public static HyperpriorTables Read(WeightsFile file)
    {
        if (!file.TryGet(Name, out _))
        {
            return Normal;
        }

        float[] corrections = file.Get(Name, [DependentTables.Count, Magnitudes]).Values;
        return corrections.All(value => MathF.Abs(value) <= LargestCorrection)
            ? new HyperpriorTables(corrections)
            : throw new InvalidFileException(file.Format, $"the values of «{Name}» must be within ±{LargestCorrection}.");
    }

    /// <summary>The magnitude that a value is corrected with: the last one where a table does not list it, as the value that comes after all it lists.</summary>
    public static int MagnitudeOf(int value, FrequencyTable table)
    {
        int magnitude = Math.Abs(value);
        return magnitude <= table.MaxValue ? Math.Min(magnitude, Magnitudes - 1) : Magnitudes - 1;
    }

    private FrequencyTable Correct(int index)
    {
        FrequencyTable table = NormalTables[DependentTables.ScaleOf(index)];
        ReadOnlySpan<ushort> frequencies = table.Frequencies;
        double[] factors = [.. Corrections.Skip(index * Magnitudes).Take(Magnitudes).Select(value => DeterministicMath.Exp(value))];
        double[] weights = new double[frequencies.Length];
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = frequencies[i] * factors[MagnitudeOf(table.MinValue + i, table)];
            sum += weights[i];
        }

        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] /= sum;
        }

        return FrequencyTable.FromProbabilities(table.MinValue, weights.AsSpan(0, table.ValueCount), weights[^1], raiseTiny: true);
    }
}
