namespace ImageCodec;

/// <summary>SSIMULACRA2; <see cref="Metrics.Ssimulacra2"/> says how it is defined.</summary>
internal static class Ssimulacra2Engine
{
    private const int MaxScales = 6;
    private const int Channels = 3;
    private const int NormsEach = 6;

    /// <summary>The least side of a picture, and of a scale that another one follows.</summary>
    private const int MinSide = 8;

    /// <summary>Wider pictures that are not as high are looked at from top to bottom, column by column.</summary>
    private const int MaxWidth = 65535;

    /// <summary>
    /// For X, Y and B − Y a line for each scale, from the largest: the weights of the means of structure, ringing and blurring, and then of their 4-norms.
    /// </summary>
    private static readonly double[] s_weights =
    [
        // X
        0, 0.0007376606707406586, 0, 0, 0.0007793481682867309, 0,
        0, 0.0004371155730107379, 0, 1.1041726426657346, 0.00066284834129271, 0.00015231632783718752,
        0, 0.0016406437456599754, 0, 1.8422455520539298, 11.441172603757666, 0,
        0.0007989109436015163, 0.000176816438078653, 0, 1.8787594979546387, 10.94906990605142, 0,
        0.0007289346991508072, 0.9677937080626833, 0, 0.00014003424285435884, 0.9981766977854967, 0.00031949755934435053,
        0.0004550992113792063, 0, 0, 0.0013648766163243398, 0, 0,
        // Y
        0, 0, 0, 7.466890328078848, 0, 17.445833984131262,
        0.0006235601634041466, 0, 0, 6.683678146179332, 0.00037724407979611296, 1.027889937768264,
        225.20515300849274, 0, 0, 19.213238186143016, 0.0011401524586618361, 0.001237755635509985,
        176.39317598450694, 0, 0, 24.43300999870476, 0.28520802612117757, 0.0004485436923833408,
        0, 0, 0, 34.77906344483772, 44.835625328877896, 0,
        0, 0, 0, 0, 0, 0,
        // B − Y
        0, 0.0008680556573291698, 0, 0, 0, 0,
        0, 0.0005313191874358747, 0, 0.00016533814161379112, 0, 0,
        0, 0, 0, 0.0004179171803251336, 0.0017290828234722833, 0,
        0.0020827005846636437, 0, 0, 8.826982764996862, 23.19243343998926, 0,
        95.1080498811086, 0.9863978034400682, 0.9834382792465353, 0.0012286405048278493, 171.2667255897307, 0.9807858872435379,
        0, 0, 0, 0.0005130064588990679, 0, 0.00010854057858411537,
    ];

    /// <summary>How far the pictures are apart: 0 for equal ones. The same to the bit on every machine.</summary>
    public static double Difference(RgbImage original, RgbImage restored)
    {
        // What is kept goes with the width. A turned picture is rounded otherwise, so others are not.
        bool isTurned = original.Width > Math.Max(original.Height, MaxWidth);
        (int inner, int outer) = isTurned ? (original.Height, original.Width) : (original.Width, original.Height);
        Ssimulacra2Scale[] scales = MakeScales(Math.Max(inner, MinSide), Math.Max(outer, MinSide));
        int stride = scales[0].Stride;
        float[] row = new float[2 * Channels * stride];
        for (int y = 0; y < Math.Max(outer, MinSide); y++)
        {
            if (y < outer)
            {
                Read(original, y, isTurned, row.AsSpan(0, Channels * stride), stride);
                Read(restored, y, isTurned, row.AsSpan(Channels * stride), stride);
            }

            scales[0].Add(row);
        }

        return ToDifference(scales);
    }

    /// <summary>Puts a difference on the scale of scores.</summary>
    /// <param name="difference">From 0 on.</param>
    /// <param name="pow">A power of a number above zero.</param>
    public static double ToScore(double difference, Func<double, double, double> pow)
    {
        const double Exponent = 0.6276336467831387;
        return difference > 0 ? 100 - 10 * pow(difference, Exponent) : 100;
    }

    public static int CountScales(int shorterSide)
    {
        int scales = 1;
        for (int side = shorterSide; side >= MinSide && scales < MaxScales; side = (side + 1) / 2)
        {
            scales++;
        }

        return scales;
    }

    private static Ssimulacra2Scale[] MakeScales(int width, int height)
    {
        Ssimulacra2Scale[] scales = new Ssimulacra2Scale[CountScales(Math.Min(width, height))];
        Make(0, width, height);
        return scales;

        Ssimulacra2Scale Make(int number, int columns, int rows) => scales[number] = new Ssimulacra2Scale(
            columns, rows, number + 1 < scales.Length ? Make(number + 1, (columns + 1) / 2, (rows + 1) / 2) : null);
    }

    /// <summary>Reads a row or a column as linear R, G and B, and repeats the last pixel up to the least side.</summary>
    private static void Read(RgbImage image, int index, bool isColumn, Span<float> row, int stride)
    {
        ReadOnlySpan<byte> pixels = image.Pixels;
        ReadOnlySpan<float> linear = XybColor.Linear;
        int count = isColumn ? image.Height : image.Width;
        int step = isColumn ? 3 * image.Width : 3;
        int start = isColumn ? 3 * index : 3 * image.Width * index;
        for (int channel = 0; channel < Channels; channel++)
        {
            Span<float> values = row.Slice(channel * stride, Math.Max(count, MinSide));
            for (int i = 0, o = start + channel; i < count; i++, o += step)
            {
                values[i] = linear[pixels[o]];
            }

            values[count..].Fill(values[count - 1]);
        }
    }

    private static double ToDifference(Ssimulacra2Scale[] scales)
    {
        Span<double> norms = stackalloc double[NormsEach];
        double sum = 0;
        int weight = 0;
        for (int channel = 0; channel < Channels; channel++)
        {
            foreach (Ssimulacra2Scale scale in scales)
            {
                // With fewer than six scales the weights move up, as they do in the reference program.
                scale.WriteNorms(channel, norms);
                foreach (double norm in norms)
                {
                    sum += s_weights[weight++] * norm;
                }
            }
        }

        // A polynomial that was fitted together with the weights.
        sum *= 0.9562382616834844;
        return 2.326765642916932 * sum - 0.020884521182843837 * sum * sum + 6.248496625763138e-05 * sum * sum * sum;
    }
}
