using System.Buffers;
using ImageCodec.Models.Compressor;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>Pictures to the bodies of fitted files: one picture, one request.</summary>
internal sealed class FittedEncoder
{
    /// <summary>Iterations that tell which prior suits a length or a PSNR.</summary>
    private const int ProbeIterations = 40;

    private const int SteeringCount = 25;

    /// <summary>Before this part of a fit it has come to too little to tell where it leads; the probe knows better.</summary>
    private const double SteeringStart = 0.2;

    /// <summary>From this part on the price stays, so that all settles.</summary>
    private const double SteeringEnd = 0.9;

    /// <summary>What choosing the networks' steps is like, in iterations, and each of the steps by which they adapt.</summary>
    private const int FinalWork = 10;
    private const double WorkPerAdaptingStep = 3.5;

    private readonly RgbImage _image;
    private readonly EncodingRequest _request;
    private readonly int _maxThreads;
    private readonly IProgress<double>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly RateControl _control;

    /// <summary>Takes a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="request">What the body should be like.</param>
    /// <param name="maxThreads">Threads to use at most; 0 for all cores.</param>
    /// <param name="progress">Told the part that is done, rising to 1; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public FittedEncoder(RgbImage image, EncodingRequest request, int maxThreads, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        (_image, _request, _maxThreads, _progress, _cancellationToken) = (image, request, maxThreads, progress, cancellationToken);
        _control = new RateControl(request);
    }

    /// <summary>Fits decoder and latent grids to the picture, and codes both.</summary>
    public EncodedPicture Encode()
    {
        double lambda = _control.FirstLambda((double)_image.Width * _image.Height);
        PictureFit fit = Start(lambda);
        if (_control.IsActive)
        {
            for (int i = 0; i < ProbeIterations && !_request.FinishToken.IsCancellationRequested; i++)
            {
                fit.Iterate(FitSchedule.At((float)i / ProbeIterations, fit.Lambda), _cancellationToken);
            }

            _control.SteerByProbe(fit, _cancellationToken);
            fit = Start(fit.Lambda);
        }

        Fit(fit);
        fit.Round(_cancellationToken);
        int adaptingSteps = _request.FinishToken.IsCancellationRequested ? 0 : FitSchedule.AdaptingSteps(_request.Effort);
        QuantizedNetwork network = NetworkQuantization.Choose(fit, adaptingSteps, _cancellationToken);
        IntegerGrids grids = fit.ToIntegers(_cancellationToken);
        ArrayBufferWriter<byte> body = new();
        FittedBody.Write(network, grids, body, cancellationToken: _cancellationToken);
        RgbImage? reconstruction = _request.NeedsReconstruction ? IntegerSynthesis.Run(network, grids, 0, _maxThreads, cancellationToken: _cancellationToken) : null;
        _progress?.Report(1);
        return new EncodedPicture(body.WrittenMemory, _request.Level ?? RateControl.LevelOf(fit.Lambda), reconstruction);
    }

    private PictureFit Start(double lambda)
    {
        FittedPrior prior = FittedPriors.Of(FittedLayout.Large, (int)Math.Round(FittedPriors.RateOf(lambda)));
        PictureFit fit = new(prior, _image, lambda, _maxThreads, _cancellationToken);
        LatentStart.Fill(fit, _cancellationToken);
        return fit;
    }

    private void Fit(PictureFit fit)
    {
        int iterations = FitSchedule.Iterations(_request.Effort);
        double work = iterations + FinalWork + WorkPerAdaptingStep * FitSchedule.AdaptingSteps(_request.Effort);
        int steering = Math.Max(1, iterations / SteeringCount);
        for (int i = 0; i < iterations && !_request.FinishToken.IsCancellationRequested; i++)
        {
            float part = (float)i / iterations;
            if (_control.IsActive && i % steering == steering - 1 && part >= SteeringStart && part < SteeringEnd)
            {
                _control.Steer(fit, part, _cancellationToken);
            }

            fit.Iterate(FitSchedule.At(part, fit.Lambda), _cancellationToken);
            _progress?.Report((i + 1) / work);
        }
    }
}
