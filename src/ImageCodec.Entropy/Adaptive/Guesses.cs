using System.Runtime.CompilerServices;

namespace ImageCodec.Entropy.Adaptive;

/// <summary>
/// Most symbols of a quantised latent lie in one group of 16, often in four neighbours. A decoder that asks first whether the symbol is
/// there lets the processor go on before the answer is known, and skips half of the search.
/// </summary>
internal static unsafe class Guesses
{
    /// <summary>Chooses by what the model has counted.</summary>
    /// <returns>The guess and the first symbol of the group or the quad.</returns>
    public static (Guess Guess, int First) Choose(AdaptiveModel model, int total)
    {
        // Every symbol has a count of 1 from the start; what is above that has been seen.
        int seen = total - AdaptiveModel.SymbolCount;
        int group = 0;
        int best = 0;
        for (int i = 0; i < 16; i++)
        {
            int count = model.InnerSums[(16 * i) + 15] + model.Counts[(16 * i) + 15];
            (group, best) = count > best ? (i, count) : (group, best);
        }

        if (seen == 0 || 4 * (best - 16) < 3 * seen)
        {
            return (Guess.None, 0);
        }

        for (int first = 16 * group; first < (16 * group) + 16; first += 4)
        {
            int count = model.Counts[first] + model.Counts[first + 1] + model.Counts[first + 2] + model.Counts[first + 3];
            if (8 * (count - 4) >= 7 * seen)
            {
                return (Guess.Quad, first);
            }
        }

        return (Guess.Group, 16 * group);
    }

    /// <summary>Whether the symbol is in a group: range · (sum below it) &lt; target ≤ range · (sum with it).</summary>
    /// <param name="model">The model.</param>
    /// <param name="first">The first symbol of the group.</param>
    /// <param name="range">The coder's range.</param>
    /// <param name="target">(difference + 1) · total.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWithin(AdaptiveModel model, int first, int range, int target)
    {
        int size = model.InnerSums[first + 15] + model.Counts[first + 15];
        return (uint)(target - (range * model.GroupSums[first >> 4]) - 1) < (uint)(range * size);
    }
}
