using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>A loop that is written once for every vector width; <see cref="Backend.Run"/> chooses one.</summary>
internal interface IKernel
{
    void Run<TVector, TSimd>()
        where TVector : struct
        where TSimd : struct, ISimd<TVector>;
}
