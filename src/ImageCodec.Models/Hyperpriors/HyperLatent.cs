using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// The hyper-latent z (Ballé et al., 2018; Minnen et al., 2018): a summary of the latent that is coded first, with a normal distribution for each
/// channel, and from which come entropy parameters for every place of the latent.
/// </summary>
internal sealed unsafe class HyperLatent
{
    /// <summary>Latent places for one place of the hyper-latent, each way.</summary>
    public const int Stride = 4;

    private const int Width = 128;
    private const int Channels = 64;

    /// <summary>Makes the networks.</summary>
    /// <param name="latentChannels">Channels of the latent.</param>
    /// <param name="parameterChannels">Channels of the entropy parameters.</param>
    public HyperLatent(int latentChannels, int parameterChannels)
    {
        Analysis = new Sequential(
            ("0", ConvolutionLayer.Convolve(latentChannels, Width, 3, 1, 1, Activation.Relu)),
            ("2", ConvolutionLayer.Convolve(Width, Width, 3, 2, 1, Activation.Relu)),
            ("4", ConvolutionLayer.Convolve(Width, Channels, 3, 2, 1, Activation.None)));
        Synthesis = new Sequential(
            ("0", ConvolutionLayer.Transpose(Channels, Width, 4, 2, 1, 0, Activation.Relu)),
            ("2", ConvolutionLayer.Transpose(Width, parameterChannels, 4, 2, 1, 0, Activation.None)));
        Means = new Parameter("prior.means", ParameterLayout.Vector(Channels));
        LogScales = new Parameter("prior.log_scales", ParameterLayout.Vector(Channels));
    }

    /// <summary>Latent, times gains, to hyper-latent.</summary>
    public Sequential Analysis { get; }

    /// <summary>Hyper-latent to entropy parameters at the latent's places.</summary>
    public Sequential Synthesis { get; }

    /// <summary>The mean of each channel.</summary>
    public Parameter Means { get; }

    /// <summary>The natural logarithm of the scale of each channel.</summary>
    public Parameter LogScales { get; }

    /// <summary>The shape of a latent filled up to whole places of the hyper-latent.</summary>
    public static TensorShape Pad(TensorShape latent) => new(RoundUp(latent.Height), RoundUp(latent.Width), latent.Channels);

    /// <summary>The shape of the hyper-latent of a latent.</summary>
    public TensorShape ShapeOf(TensorShape latent) => Analysis.OutputShape(Pad(latent));

    /// <summary>Rounds a hyper-latent around its means, in place.</summary>
    /// <param name="hyperLatent">What <see cref="Analysis"/> gave; becomes what the decoder sees.</param>
    /// <param name="values">Receives what is coded.</param>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public void Quantize(Tensor hyperLatent, Span<short> values)
    {
        ReadOnlySpan<float> means = Means.Values;
        for (int place = 0; place < values.Length; place += Channels)
        {
            for (int channel = 0; channel < Channels; channel++)
            {
                float distance = UniformQuantizer.CheckFinite(hyperLatent.Data[place + channel] - means[channel]);
                values[place + channel] = (short)Math.Clamp(MathF.Round(distance), short.MinValue, short.MaxValue);
            }
        }

        Dequantize(values, hyperLatent);
    }

    /// <summary>Turns coded values into the hyper-latent.</summary>
    public void Dequantize(ReadOnlySpan<short> values, Tensor hyperLatent)
    {
        ReadOnlySpan<float> means = Means.Values;
        for (int place = 0; place < hyperLatent.Length; place += Channels)
        {
            for (int channel = 0; channel < Channels; channel++)
            {
                hyperLatent.Data[place + channel] = values[place + channel] + means[channel];
            }
        }
    }

    /// <summary>Says which table codes each value.</summary>
    public void SetIndices(Span<byte> indices)
    {
        Span<byte> ofChannels = stackalloc byte[Channels];
        ScaleTable.IndicesOf(LogScales.Values, ofChannels);
        for (int place = 0; place < indices.Length; place += Channels)
        {
            ofChannels.CopyTo(indices[place..]);
        }
    }

    private static int RoundUp(int side) => checked((side + Stride - 1) / Stride * Stride);
}
