using System.Buffers;

namespace ImageCodec.Models;

/// <summary>A quantiser and an entropy coder for its symbols: side information of fixed length, then the payload.</summary>
internal sealed class SymbolLatentCodec(IQuantizer quantizer, IEntropyCoder entropyCoder) : ILatentCodec
{
    public int LevelCount => quantizer.LevelCount;

    public void Encode(ReadOnlySpan<float> latent, TensorShape shape, int level, IBufferWriter<byte> body, CancellationToken cancellationToken)
    {
        int sideLength = quantizer.GetSideInformationLength(shape);
        byte[] rented = ArrayPool<byte>.Shared.Rent(shape.Length);
        try
        {
            Span<byte> symbols = rented.AsSpan(0, shape.Length);
            quantizer.Quantize(latent, shape, level, symbols, body.GetSpan(sideLength)[..sideLength]);
            body.Advance(sideLength);
            entropyCoder.Encode(symbols, shape, body, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public void Decode(ReadOnlySpan<byte> body, TensorShape shape, Span<float> latent, CancellationToken cancellationToken)
    {
        int sideLength = quantizer.GetSideInformationLength(shape);
        if (body.Length < sideLength)
        {
            throw new InvalidFileException("ICD", $"the body has {body.Length} bytes, fewer than the {sideLength} of its side information.");
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(shape.Length);
        try
        {
            Span<byte> symbols = rented.AsSpan(0, shape.Length);
            entropyCoder.Decode(body[sideLength..], shape, symbols, cancellationToken);
            quantizer.Dequantize(symbols, shape, body[..sideLength], latent);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
