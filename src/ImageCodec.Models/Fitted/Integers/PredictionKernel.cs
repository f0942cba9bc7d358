using System.Runtime.CompilerServices;

namespace ImageCodec.Models.Fitted.Integers;

/// <summary>The networks of the entropy model, with a position in each lane.</summary>
internal static unsafe class PredictionKernel
{
    private const short MeanLimit = LaplaceTables.MaxValue * LaplaceTables.Fractions;
    private const short FractionMask = LaplaceTables.Fractions - 1;

    /// <summary>Inputs to the distributions of values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Predict<TVector, TSimd>(ref readonly PredictionArguments arguments)
        where TVector : struct
        where TSimd : struct, IShortSimd<TVector>
    {
        EntropyWeights weights = arguments.Weights;
        int pairs = weights.Pairs;
        int vectors = 2 * pairs * TSimd.Lanes;
        short* inputs = arguments.Scratch;
        short* hidden1 = inputs + vectors;
        short* hidden2 = hidden1 + vectors;
        for (int lane = arguments.First; lane < arguments.End; lane += TSimd.Lanes)
        {
            LoadPairs<TVector, TSimd>(arguments.Inputs, pairs, lane, inputs);
            Layer<TVector, TSimd>(weights.Layer1, weights.Blocks, pairs, inputs, hidden1);
            Layer<TVector, TSimd>(weights.Layer2, weights.Blocks, pairs, hidden1, hidden2);

            int* w = weights.Output;
            TVector meanLow = TSimd.BroadcastInt(w[0]), meanHigh = meanLow;
            TVector scaleLow = TSimd.BroadcastInt(w[1]), scaleHigh = scaleLow;
            w += 2;
            short* from = hidden2;
            for (int part = 0; part < 2; part++)
            {
                for (int pair = 0; pair < pairs; pair++)
                {
                    TVector low = TSimd.Load(from), high = TSimd.Load(from + TSimd.Lanes);
                    TVector a = TSimd.BroadcastInt(w[0]), b = TSimd.BroadcastInt(w[1]);
                    meanLow = TSimd.MultiplyAdd(meanLow, low, a);
                    meanHigh = TSimd.MultiplyAdd(meanHigh, high, a);
                    scaleLow = TSimd.MultiplyAdd(scaleLow, low, b);
                    scaleHigh = TSimd.MultiplyAdd(scaleHigh, high, b);
                    w += 2;
                    from += 2 * TSimd.Lanes;
                }

                from = inputs;
            }

            TVector mean = TSimd.Narrow(TSimd.ShiftRightInts(meanLow, 12), TSimd.ShiftRightInts(meanHigh, 12));
            mean = TSimd.Max(TSimd.Min(mean, TSimd.Broadcast(MeanLimit)), TSimd.Broadcast(-MeanLimit));
            mean = TSimd.Add(mean, TSimd.Broadcast(LaplaceTables.Fractions / 2));
            TVector scale = TSimd.Narrow(TSimd.ShiftRightInts(scaleLow, 13), TSimd.ShiftRightInts(scaleHigh, 13));
            scale = TSimd.Add(scale, TSimd.Broadcast(LaplaceTables.UnitScale));
            scale = TSimd.Max(TSimd.Min(scale, TSimd.Broadcast(LaplaceTables.Scales - 1)), TSimd.Broadcast(0));
            TSimd.Store(TSimd.ShiftRight(mean, 4), arguments.Means + lane);
            TSimd.Store(TSimd.Add(TSimd.ShiftLeft(scale, 4), TSimd.And(mean, TSimd.Broadcast(FractionMask))), arguments.Rows + lane);
        }
    }

    /// <summary>Values of coarser grids to features.</summary>
    /// <param name="arguments">Its inputs are those values.</param>
    /// <param name="weights">Packs of the features.</param>
    /// <param name="features">Receives the features, each in a row of its own.</param>
    /// <param name="count">How many there are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Features<TVector, TSimd>(ref readonly PredictionArguments arguments, int* weights, short** features, int count)
        where TVector : struct
        where TSimd : struct, IShortSimd<TVector>
    {
        const int pairs = (FittedLayout.CoarseValues + 1) / 2;
        for (int lane = arguments.First; lane < arguments.End; lane += TSimd.Lanes)
        {
            LoadPairs<TVector, TSimd>(arguments.Inputs, pairs, lane, arguments.Scratch);
            int* w = weights;
            for (int feature = 0; feature < count; feature += 2)
            {
                TVector low0 = TSimd.BroadcastInt(w[0]), high0 = low0;
                TVector low1 = TSimd.BroadcastInt(w[1]), high1 = low1;
                w += 2;
                short* from = arguments.Scratch;
                for (int pair = 0; pair < pairs; pair++)
                {
                    TVector low = TSimd.Load(from), high = TSimd.Load(from + TSimd.Lanes);
                    TVector a = TSimd.BroadcastInt(w[0]), b = TSimd.BroadcastInt(w[1]);
                    low0 = TSimd.MultiplyAdd(low0, low, a);
                    high0 = TSimd.MultiplyAdd(high0, high, a);
                    low1 = TSimd.MultiplyAdd(low1, low, b);
                    high1 = TSimd.MultiplyAdd(high1, high, b);
                    w += 2;
                    from += 2 * TSimd.Lanes;
                }

                TSimd.Store(TSimd.Narrow(TSimd.ShiftRightInts(low0, 4), TSimd.ShiftRightInts(high0, 4)), features[feature] + lane);
                if (feature + 1 < count)
                {
                    TSimd.Store(TSimd.Narrow(TSimd.ShiftRightInts(low1, 4), TSimd.ShiftRightInts(high1, 4)), features[feature + 1] + lane);
                }
            }
        }
    }

    /// <summary>to[2i] = even[i] and to[2i + 1] = odd[i], for i from <paramref name="first"/> to below <paramref name="end"/>, and up to a vector beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Interleave<TVector, TSimd>(short* even, short* odd, short* to, int first, int end)
        where TVector : struct
        where TSimd : struct, IShortSimd<TVector>
    {
        for (int i = first; i < end; i += TSimd.Lanes)
        {
            TSimd.StoreInterleaved(TSimd.Load(even + i), TSimd.Load(odd + i), to + 2 * i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadPairs<TVector, TSimd>(short** rows, int pairs, int lane, short* to)
        where TVector : struct
        where TSimd : struct, IShortSimd<TVector>
    {
        for (int pair = 0; pair < pairs; pair++)
        {
            TVector a = TSimd.Load(rows[2 * pair] + lane);
            TVector b = TSimd.Load(rows[2 * pair + 1] + lane);
            TSimd.Store(TSimd.InterleaveLow(a, b), to);
            TSimd.Store(TSimd.InterleaveHigh(a, b), to + TSimd.Lanes);
            to += 2 * TSimd.Lanes;
        }
    }

    /// <summary>relu(x + W x + b), from pairs to pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Layer<TVector, TSimd>(int* w, int blocks, int pairs, short* inputs, short* outputs)
        where TVector : struct
        where TSimd : struct, IShortSimd<TVector>
    {
        short* straight = inputs;
        for (int block = 0; block < blocks; block++)
        {
            TVector low0 = TSimd.BroadcastInt(w[0]), high0 = low0;
            TVector low1 = TSimd.BroadcastInt(w[1]), high1 = low1;
            TVector low2 = TSimd.BroadcastInt(w[2]), high2 = low2;
            TVector low3 = TSimd.BroadcastInt(w[3]), high3 = low3;
            w += EntropyWeights.Block;
            short* from = inputs;
            for (int pair = 0; pair < pairs; pair++)
            {
                TVector low = TSimd.Load(from), high = TSimd.Load(from + TSimd.Lanes);
                TVector a = TSimd.BroadcastInt(w[0]), b = TSimd.BroadcastInt(w[1]);
                low0 = TSimd.MultiplyAdd(low0, low, a);
                high0 = TSimd.MultiplyAdd(high0, high, a);
                low1 = TSimd.MultiplyAdd(low1, low, b);
                high1 = TSimd.MultiplyAdd(high1, high, b);
                TVector c = TSimd.BroadcastInt(w[2]), d = TSimd.BroadcastInt(w[3]);
                low2 = TSimd.MultiplyAdd(low2, low, c);
                high2 = TSimd.MultiplyAdd(high2, high, c);
                low3 = TSimd.MultiplyAdd(low3, low, d);
                high3 = TSimd.MultiplyAdd(high3, high, d);
                w += EntropyWeights.Block;
                from += 2 * TSimd.Lanes;
            }

            Finish<TVector, TSimd>(low0, high0, low1, high1, straight, outputs);
            straight += 2 * TSimd.Lanes;
            outputs += 2 * TSimd.Lanes;
            if (2 * block + 1 < pairs)
            {
                Finish<TVector, TSimd>(low2, high2, low3, high3, straight, outputs);
                straight += 2 * TSimd.Lanes;
                outputs += 2 * TSimd.Lanes;
            }
        }
    }

    /// <summary>Adds what goes past a layer to two of its sums, and stores them as a pair.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TVector, TSimd>(TVector low0, TVector high0, TVector low1, TVector high1, short* straight, short* to)
        where TVector : struct
        where TSimd : struct, IShortSimd<TVector>
    {
        TVector low = TSimd.Load(straight), high = TSimd.Load(straight + TSimd.Lanes);
        low0 = TSimd.AddInts(TSimd.ShiftRightInts(low0, 10), TSimd.ShiftRightInts(TSimd.ShiftLeftInts(low, 16), 16));
        high0 = TSimd.AddInts(TSimd.ShiftRightInts(high0, 10), TSimd.ShiftRightInts(TSimd.ShiftLeftInts(high, 16), 16));
        low1 = TSimd.AddInts(TSimd.ShiftRightInts(low1, 10), TSimd.ShiftRightInts(low, 16));
        high1 = TSimd.AddInts(TSimd.ShiftRightInts(high1, 10), TSimd.ShiftRightInts(high, 16));
        TVector first = TSimd.Max(TSimd.Narrow(low0, high0), TSimd.Broadcast(0));
        TVector second = TSimd.Max(TSimd.Narrow(low1, high1), TSimd.Broadcast(0));
        TSimd.Store(TSimd.InterleaveLow(first, second), to);
        TSimd.Store(TSimd.InterleaveHigh(first, second), to + TSimd.Lanes);
    }
}
