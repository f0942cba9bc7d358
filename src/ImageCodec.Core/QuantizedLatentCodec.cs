using System.Buffers;

namespace ImageCodec;

/// <summary>A quantiser and an entropy coder for its symbols, as one latent codec.</summary>
/// <remarks>A body is the quantiser's side information, of a length known from the shape, and then the coder's bytes. As safe for threads as its parts.</remarks>
public sealed class QuantizedLatentCodec : ILatentCodec
{
    private readonly IQuantizer _quantizer;
    private readonly IEntropyCoder _entropyCoder;

    /// <summary>Joins two stages.</summary>
    /// <param name="quantizer">Latent to symbols.</param>
    /// <param name="entropyCoder">Symbols to bytes.</param>
    /// <param name="defaultLevel">The quantiser's level where none is asked for; 0 for the middle one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The quantiser has no such level.</exception>
    public QuantizedLatentCodec(IQuantizer quantizer, IEntropyCoder entropyCoder, int defaultLevel = 0)
    {
        ArgumentNullException.ThrowIfNull(quantizer);
        ArgumentNullException.ThrowIfNull(entropyCoder);
        if (defaultLevel < 0 || defaultLevel > quantizer.LevelCount)
        {
            throw new ArgumentOutOfRangeException(nameof(defaultLevel), defaultLevel, $"The default level must be 1 to {quantizer.LevelCount}, or 0 for the middle one.");
        }

        _quantizer = quantizer;
        _entropyCoder = entropyCoder;
        DefaultLevel = defaultLevel == 0 ? (quantizer.LevelCount + 1) / 2 : defaultLevel;
    }

    /// <inheritdoc/>
    public int LevelCount => _quantizer.LevelCount;

    /// <inheritdoc/>
    public int DefaultLevel { get; }

    /// <inheritdoc/>
    public void Encode(
        ReadOnlySpan<float> latent,
        TensorShape latentShape,
        int level,
        IBufferWriter<byte> body,
        Span<float> decoded,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        LatentArguments.CheckEncode(latent.Length, latentShape, decoded.Length);
        byte[] rented = ArrayPool<byte>.Shared.Rent(latentShape.Length);
        byte[] sideInformation = new byte[_quantizer.GetSideInformationLength(latentShape)];
        try
        {
            Span<byte> symbols = rented.AsSpan(0, latentShape.Length);
            _quantizer.Quantize(latent, latentShape, level, symbols, sideInformation, cancellationToken);
            body.Write(sideInformation);
            _entropyCoder.Encode(symbols, latentShape, body, cancellationToken);
            if (!decoded.IsEmpty)
            {
                _quantizer.Dequantize(symbols, latentShape, sideInformation, decoded, cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> body, TensorShape latentShape, Span<float> latent, CancellationToken cancellationToken = default)
    {
        LatentArguments.CheckDecode(latent.Length, latentShape);
        int sideLength = _quantizer.GetSideInformationLength(latentShape);
        if (body.Length < sideLength)
        {
            throw new InvalidFileException("ICD", $"the body has {body.Length} bytes, fewer than the {sideLength} of its side information.");
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(latentShape.Length);
        try
        {
            Span<byte> symbols = rented.AsSpan(0, latentShape.Length);
            _entropyCoder.Decode(body[sideLength..], latentShape, symbols, cancellationToken);
            _quantizer.Dequantize(symbols, latentShape, body[..sideLength], latent, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
