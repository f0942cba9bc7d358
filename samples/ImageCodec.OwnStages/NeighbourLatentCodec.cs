using System.Buffers;
using ImageCodec.Entropy;

namespace ImageCodec.OwnStages;

/// <summary>
/// Rounds coefficients to the same steps as <see cref="StepQuantizer"/>, but codes each with a distribution of its own: the larger the values around it were, the
/// wider. So quantiser and entropy coder can't be parted, and are one latent codec. A body is the level in one byte, and a stream of the
/// library's coder for tables.
/// </summary>
internal sealed class NeighbourLatentCodec : ILatentCodec
{
    private static readonly ScaleGrid Grid = new(0.1, 64, 32);
    private static readonly TableCoder Coder = new(Grid.CreateGaussianTables());

    public int LevelCount => StepQuantizer.Levels;

    public void Encode(
        ReadOnlySpan<float> latent, TensorShape latentShape, int level, IBufferWriter<byte> body, Span<float> decoded, CancellationToken cancellationToken = default)
    {
        CodingOrder order = new(latentShape);
        short[] values = new short[latentShape.Length];
        byte[] indices = new byte[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            (int place, int channel) = order.At(i);
            values[i] = (short)MathF.Round(latent[place] / StepQuantizer.Step(level, channel));
        }

        for (int start = 0; start < values.Length; start += latentShape.Width)
        {
            cancellationToken.ThrowIfCancellationRequested();
            order.Predict(values, start, indices.AsSpan(start, latentShape.Width));
        }

        body.Write([(byte)level]);
        Coder.Encode(values, indices, body, cancellationToken);

        // Whoever wants to see what will come out needs no decoding.
        if (!decoded.IsEmpty)
        {
            Restore(values, order, level, decoded);
        }
    }

    public void Decode(ReadOnlySpan<byte> body, TensorShape latentShape, Span<float> latent, CancellationToken cancellationToken = default)
    {
        if (body.IsEmpty || body[0] < 1 || body[0] > LevelCount)
        {
            throw new InvalidFileException("ICD", $"the body does not begin with a level from 1 to {LevelCount}.");
        }

        // Piece by piece, as the tables of a piece are known when those before it are read.
        CodingOrder order = new(latentShape);
        TableReader reader = Coder.CreateReader(body[1..], latentShape.Length);
        short[] values = new short[latentShape.Length];
        byte[] indices = new byte[latentShape.Width];
        for (int start = 0; start < values.Length; start += latentShape.Width)
        {
            cancellationToken.ThrowIfCancellationRequested();
            order.Predict(values, start, indices);
            if (!reader.TryRead(indices, values.AsSpan(start, latentShape.Width)))
            {
                break;
            }
        }

        if (!reader.IsAtEnd)
        {
            throw new InvalidFileException("ICD", "the stream is damaged or cut short.");
        }

        Restore(values, order, body[0], latent);
    }

    private static void Restore(ReadOnlySpan<short> values, CodingOrder order, int level, Span<float> latent)
    {
        for (int i = 0; i < values.Length; i++)
        {
            (int place, int channel) = order.At(i);
            latent[place] = values[i] * StepQuantizer.Step(level, channel);
        }
    }

    /// <summary>Row by row of the latent, in each channel by channel: pieces of one row and channel, from which the next ones are predicted.</summary>
    private readonly struct CodingOrder(TensorShape shape)
    {
        private const int Colours = 3;

        /// <summary>What means of blocks are taken to be where nothing is known.</summary>
        private const int UnknownMean = 10;

        /// <summary>Where the value that comes at this point lies in the latent, and its channel.</summary>
        public (int Place, int Channel) At(int index)
        {
            (int piece, int column) = Math.DivRem(index, shape.Width);
            (int row, int channel) = Math.DivRem(piece, shape.Channels);
            return ((row * shape.Width + column) * shape.Channels + channel, channel);
        }

        /// <summary>Chooses the tables of a piece by the row above, and by the next lower frequencies of this row. In integers, so that every machine chooses the same.</summary>
        public void Predict(ReadOnlySpan<short> values, int start, Span<byte> indices)
        {
            int channel = start / shape.Width % shape.Channels;
            bool hasLower = channel >= Colours * (1 + CosineTransform.Side);
            for (int column = 0; column < indices.Length; column++)
            {
                int at = start + column;
                int above = at - shape.Width * shape.Channels;
                int unknown = channel < Colours ? UnknownMean : 0;
                int known = above < 0 ? unknown : Math.Abs(values[above]);
                int left = above < 0 || column == 0 ? known : Math.Abs(values[above - 1]);
                int right = above < 0 || column == indices.Length - 1 ? known : Math.Abs(values[above + 1]);
                int lower = hasLower ? Math.Abs(values[at - Colours * shape.Width]) + Math.Abs(values[at - Colours * CosineTransform.Side * shape.Width]) : 2 * known;
                indices[column] = Grid.GetIndex((2 * known + left + right + 2 * lower) / 8.0);
            }
        }
    }
}
