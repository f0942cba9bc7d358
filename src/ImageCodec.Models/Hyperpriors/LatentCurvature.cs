namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// How the squared error of one picture, in bits, curves with the values of its latent, in steps: a factor for each channel times one for each place. Where values lie as they should, but for
/// their rounding, the slope of the error is what they were rounded by times the curvature. A line through the values of a channel, or of a place, tells it.
/// </summary>
/// <param name="places">The latent's places.</param>
/// <param name="channels">The latent's channels.</param>
internal sealed class LatentCurvature(int places, int channels)
{
    /// <summary>Roundings of more, of values that the quantiser takes to zero, say little of the curvature near them.</summary>
    private const float LargestRounding = 1;

    /// <summary>One over a curvature at which a squared step counts 1.</summary>
    private const float Middle = 0.06f;

    private readonly Line[] _channels = [.. Enumerable.Repeat(new Line(usual: 0.05, weight: 3, least: 0.02, largest: 0.15), channels)];
    private readonly Line[] _places = [.. Enumerable.Repeat(new Line(usual: 1, weight: 10, least: 0.5, largest: 2), places)];

    /// <summary>Looks at a round.</summary>
    /// <param name="roundings">What values were rounded by, in steps; place by place.</param>
    /// <param name="slopes">The slopes where they came to lie.</param>
    public void Add(ReadOnlySpan<float> roundings, ReadOnlySpan<float> slopes)
    {
        for (int place = 0; place < places; place++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                int i = place * channels + channel;
                _channels[channel].Add(roundings[i], slopes[i]);
            }
        }

        foreach (ref Line channel in _channels.AsSpan())
        {
            channel.Fit();
        }

        for (int place = 0; place < places; place++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                int i = place * channels + channel;
                _places[place].Add(roundings[i], slopes[i] * _channels[channel].Inverse);
            }

            _places[place].Fit();
        }
    }

    /// <summary>One over the curvature, by what was seen so far.</summary>
    public float Inverse(int place, int channel) => _places[place].Inverse * _channels[channel].Inverse;

    /// <summary>
    /// What a squared step counts to a quantiser: the root of the curvature, in parts of a middle one. The curvature itself would be right, were it known for each value; the root gained a little more.
    /// </summary>
    public float WeightOf(int place, int channel) => MathF.Sqrt(Middle / Inverse(place, channel));

    /// <summary>A line through the origin and the points so far, and in each round some more points of a usual line.</summary>
    /// <param name="usual">One over the usual line's slope.</param>
    /// <param name="weight">The sum of the squares of its points in a round.</param>
    /// <param name="least">The least that is believed.</param>
    /// <param name="largest">The most.</param>
    private struct Line(double usual, double weight, double least, double largest)
    {
        private double _squares;
        private double _products;

        /// <summary>One over the line's slope.</summary>
        public float Inverse { get; private set; }

        public void Add(float x, float y)
        {
            if (Math.Abs(x) <= LargestRounding)
            {
                _squares += (double)x * x;
                _products += (double)x * y;
            }
        }

        public void Fit()
        {
            _squares += weight;
            _products += weight / usual;

            // In pictures unlike others slopes may even fall.
            Inverse = (float)(_products * largest > _squares ? Math.Max(_squares / _products, least) : largest);
        }
    }
}
