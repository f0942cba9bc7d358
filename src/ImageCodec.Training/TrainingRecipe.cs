namespace ImageCodec.Training;

/// <summary>What a training run minimises and how.</summary>
public enum TrainingRecipe
{
    /// <summary>
    /// Rate and distortion together: squared error of what comes back from the real quantiser (gradients pass straight through its
    /// rounding) plus the bits that an adaptive coder would need for the symbols; random shifts and mirror images, warm-up and
    /// cosine decay of the learning rate, clipped gradients, averaged weights.
    /// </summary>
    RateDistortion,

    /// <summary>
    /// Squared error alone, the latent disturbed by uniform noise in [0, m / 2^(b+1)) with m the batch's largest latent, a constant
    /// learning rate. VAEs and the hyperprior keep their own loss.
    /// </summary>
    NoisyDistortion,
}
