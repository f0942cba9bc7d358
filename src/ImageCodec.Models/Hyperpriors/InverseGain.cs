using System.Numerics;
using System.Runtime.CompilerServices;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>For each channel, what a value as it is coded is multiplied by, and what is then added, to be the latent's again.</summary>
internal sealed record InverseGain(float[] Gains, float[] Offsets)
{
    /// <summary>Restores a whole latent, or some of its places.</summary>
    /// <param name="from">The values, place by place.</param>
    /// <param name="to">Receives as many; may be <paramref name="from"/>.</param>
    public void Run(ReadOnlySpan<float> from, Span<float> to)
    {
        for (int place = 0; place < from.Length; place += Gains.Length)
        {
            Run(from.Slice(place, Gains.Length), 0, to[place..]);
        }
    }

    /// <summary>Restores values of one place.</summary>
    /// <param name="from">The values, from a place's channel <paramref name="firstChannel"/> on.</param>
    /// <param name="firstChannel">The channel of the first value.</param>
    /// <param name="to">Receives as many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(ReadOnlySpan<float> from, int firstChannel, Span<float> to)
    {
        ReadOnlySpan<float> gains = Gains.AsSpan(firstChannel, from.Length);
        ReadOnlySpan<float> offsets = Offsets.AsSpan(firstChannel, from.Length);
        int i = 0;
        for (; i <= from.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (new Vector<float>(from[i..]) * new Vector<float>(gains[i..]) + new Vector<float>(offsets[i..])).CopyTo(to[i..]);
        }

        for (; i < from.Length; i++)
        {
            to[i] = from[i] * gains[i] + offsets[i];
        }
    }
}
