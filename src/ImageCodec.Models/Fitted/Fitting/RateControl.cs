using ImageCodec.Models.Compressor;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// Steers a fit towards a length or a PSNR by the price of a bit, while it goes on: what it would come to is told from what it has come to, so one fit
/// is enough.
/// </summary>
internal sealed class RateControl
{
    /// <summary>The relative change of the rate with that of the price, typically.</summary>
    private const double RateExponent = -0.47;

    /// <summary>The change of the PSNR in dB with that of the price's logarithm, typically.</summary>
    private const double PsnrSlope = -2.5;

    /// <summary>What is typical at the usual level.</summary>
    private const double UsualBitsPerPixel = 0.55;
    private const double UsualPsnr = 35;

    /// <summary>What a fit comes to where a probe came to 1, and what its PSNR gains in dB, typically.</summary>
    private const double RateAfterProbe = 0.75;
    private const double GainAfterProbe = 1.1;

    private const double Gain = 0.6;
    private const double LargestChange = 0.6;
    private const double PriceRange = 8;

    /// <summary>The parts of a fit at which the networks are quantised in earnest, to see what that adds.</summary>
    private static readonly double[] s_calibrations = [0.5, 0.8];

    private readonly EncodingRequest _request;
    private int _calibrated;
    private double _extraBits;
    private double _extraPsnr;

    public RateControl(EncodingRequest request) => _request = request;

    /// <summary>Whether there is something to steer to.</summary>
    public bool IsActive => _request.Length is not null || _request.Psnr is not null;

    /// <summary>The price to start with.</summary>
    public double FirstLambda(double pixels)
    {
        int rate = (_request.Level ?? FittedCodec.UsualLevel) - 1;
        double change = _request switch
        {
            { Length: { } length } => Math.Log(Math.Max(length, 1) * 8 / pixels / UsualBitsPerPixel) / RateExponent,
            { Psnr: { } psnr } => (psnr - UsualPsnr) / PsnrSlope,
            _ => 0,
        };
        return Confine(FittedPriors.Lambda(rate) * Math.Exp(change));
    }

    /// <summary>Sets the price by what a short fit has come to.</summary>
    public void SteerByProbe(PictureFit fit, CancellationToken cancellationToken)
    {
        (double bits, double error) = fit.Round(cancellationToken);
        Change(fit, bits * RateAfterProbe + NetworkQuantization.Guess(fit).TotalBits, Psnr(error) + GainAfterProbe, gain: 1);
    }

    /// <summary>Changes the price by what a fit has come to.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="part">The part of it that is done, 0 … 1.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public void Steer(PictureFit fit, double part, CancellationToken cancellationToken)
    {
        (double bits, double error) = fit.Round(cancellationToken);
        double networkBits = NetworkQuantization.Guess(fit).TotalBits;
        if (_calibrated < s_calibrations.Length && part >= s_calibrations[_calibrated])
        {
            _calibrated++;
            QuantizedNetwork network = NetworkQuantization.Choose(fit, 0, cancellationToken);
            float[] parameters = network.ToFloat();
            _extraBits = network.TotalBits + fit.Bits(parameters, cancellationToken) - networkBits - bits;
            _extraPsnr = Psnr(fit.Error(parameters, cancellationToken)) - Psnr(error);
        }

        Change(fit, bits * RemainingRate(part) + networkBits + _extraBits, Psnr(error) + RemainingGain(part) + _extraPsnr, Gain);
    }

    /// <summary>Changes the price by what a fit will come to.</summary>
    private void Change(PictureFit fit, double bits, double psnr, double gain)
    {
        double change = _request.Length is { } length
            ? Math.Log(Math.Max(length, 1) * 8 / Math.Max(bits, 8)) / RateExponent
            : (_request.Psnr!.Value - psnr) / PsnrSlope;
        fit.Lambda = Confine(fit.Lambda * Math.Exp(Math.Clamp(gain * change, -LargestChange, LargestChange)));
    }

    /// <summary>The level nearest to a price.</summary>
    public static int LevelOf(double lambda) => (int)Math.Round(FittedPriors.RateOf(lambda)) + 1;

    private static double Confine(double lambda) =>
        Math.Clamp(lambda, FittedPriors.Lambda(FittedPriors.Rates - 1) / PriceRange, FittedPriors.Lambda(0) * PriceRange);

    private static double Psnr(double error) => -10 * Math.Log10(Math.Max(error, 1e-10));

    /// <summary>What is left at the end of the rate at some time, typically.</summary>
    private static double RemainingRate(double part) => 1 / (1 + 0.8 * (1 - part) * (1 - part));

    /// <summary>What the PSNR gains until the end in dB, typically.</summary>
    private static double RemainingGain(double part) => (1 - part) * (1 - part);
}
