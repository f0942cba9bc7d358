namespace ImageCodec.NeuralNetworks.Training;

/// <summary>The numbers of one step of Adam (Kingma and Ba, 2015), bias corrections folded in.</summary>
/// <param name="StepSize">Learning rate over (1 − β1^t).</param>
/// <param name="Decay1">β1.</param>
/// <param name="Decay2">β2.</param>
/// <param name="InverseRootCorrection2">1 / √(1 − β2^t).</param>
/// <param name="Epsilon">Added to the root, against division by zero.</param>
/// <param name="GradientScale">What gradients are multiplied by first, as for clipping.</param>
internal readonly record struct AdamStep(
    float StepSize, float Decay1, float Decay2, float InverseRootCorrection2, float Epsilon, float GradientScale);
