using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.NeuralNetworks.Tests.Kernels;

/// <summary>Operations that move lanes, and the larger of two, with every width of vectors.</summary>
public unsafe class LaneOrderTests
{
    [Test]
    public void Lanes_go_where_they_should()
    {
        foreach (Backend backend in Backend.All)
        {
            int lanes = backend.Lanes;
            float[] a = [.. Enumerable.Range(0, lanes).Select(i => (float)i)];
            float[] b = [.. Enumerable.Range(0, lanes).Select(i => 100f - 7 * i)];
            float[] both = [.. a.Concat(b)];
            float[] inTurns = [.. Enumerable.Range(0, 2 * lanes).Select(i => i % 2 == 0 ? a[i / 2] : b[i / 2])];
            float[] result = new float[5 * lanes];
            fixed (float* first = a, second = b, to = result)
            {
                backend.Run(new Operations(first, second, to));
            }

            Assert.That(result[..(2 * lanes)], Is.EqualTo(inTurns), $"{lanes} lanes");
            Assert.That(result[(2 * lanes)..(3 * lanes)], Is.EqualTo(both.Where((_, i) => i % 2 == 0)), $"{lanes} lanes");
            Assert.That(result[(3 * lanes)..(4 * lanes)], Is.EqualTo(both.Where((_, i) => i % 2 == 1)), $"{lanes} lanes");
            Assert.That(result[(4 * lanes)..], Is.EqualTo(a.Zip(b, Math.Max)), $"{lanes} lanes");
        }
    }

    private readonly struct Operations(float* a, float* b, float* to) : IKernel
    {
        public void Run<TVector, TSimd>()
            where TVector : struct
            where TSimd : struct, ISimd<TVector>
        {
            TVector x = TSimd.Load(a), y = TSimd.Load(b);
            TSimd.Store(TSimd.InterleaveLow(x, y), to);
            TSimd.Store(TSimd.InterleaveHigh(x, y), to + TSimd.Lanes);
            TSimd.Store(TSimd.Evens(x, y), to + 2 * TSimd.Lanes);
            TSimd.Store(TSimd.Odds(x, y), to + 3 * TSimd.Lanes);
            TSimd.Store(TSimd.Max(x, y), to + 4 * TSimd.Lanes);
        }
    }
}
