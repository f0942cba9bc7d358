using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Transforms;

/// <summary>The distortion's part of a loss.</summary>
internal static unsafe class Distortion
{
    /// <summary>Squared error of 8-bit levels for one of values in [0, 1].</summary>
    public const double PixelScale = 255.0 * 255.0;

    /// <summary>Decodes, sets the gradient of <paramref name="weight"/> times the mean squared error, and runs the tape back.</summary>
    /// <param name="scope">The run, recording.</param>
    /// <param name="network">The networks.</param>
    /// <param name="latent">The latents.</param>
    /// <param name="pictures">What they stand for.</param>
    /// <param name="batchCount">Pictures in the whole step, of which these are a share.</param>
    /// <param name="weight">What the error counts.</param>
    /// <returns>The share of the step's mean squared error of values in [0, 1].</returns>
    public static double Run(ComputeScope scope, Network network, Tensor latent, Tensor pictures, int batchCount, double weight)
    {
        Tensor output = network.Decoder.Forward(scope, latent);
        Tensor gradient = scope.GradientOf(output);
        double[] errors = new double[output.Count];
        double valueCount = (double)output.PictureLength * batchCount;
        float slope = (float)(2 * weight / valueCount);
        scope.For(output.Count, i =>
        {
            nint offset = i * output.PictureLength;
            errors[i] = SquaredError.Run(output.Data + offset, pictures.Data + offset, gradient.Data + offset, output.PictureLength, slope);
        });
        scope.Backward();
        return errors.Sum() / valueCount;
    }
}
