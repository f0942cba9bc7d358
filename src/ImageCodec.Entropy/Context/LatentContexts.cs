namespace ImageCodec.Entropy.Context;

/// <summary>What is known when a symbol of a latent is coded, as the contexts of a <see cref="ContextMixer"/>.</summary>
internal ref struct LatentContexts
{
    private const int Count = 6;

    private readonly TensorShape _shape;
    private readonly ContextMixer _mixer;
    private readonly uint[] _contexts = new uint[Count];

    /// <param name="shape">The latent's shape.</param>
    /// <param name="bits">Bits of a symbol.</param>
    public LatentContexts(TensorShape shape, int bits)
    {
        _shape = shape;
        _mixer = new ContextMixer(Count, shape.Length, Math.Max(1, bits));
    }

    /// <summary>Goes to a symbol, of which all that come before it are known.</summary>
    public void MoveTo(ReadOnlySpan<byte> symbols, int index)
    {
        int channels = _shape.Channels;
        int row = _shape.Width * channels;
        int channel = index % channels;
        int x = index / channels % _shape.Width;
        int y = index / row;

        // What lies outside counts as its nearest neighbour that is known, or as zero.
        int north = y > 0 ? symbols[index - row] : x > 0 ? symbols[index - channels] : 0;
        int west = x > 0 ? symbols[index - channels] : north;
        int northWest = x > 0 && y > 0 ? symbols[index - row - channels] : north;
        int northEast = y > 0 && x < _shape.Width - 1 ? symbols[index - row + channels] : north;
        int before = channel > 0 ? symbols[index - 1] : 0;
        int before2 = channel > 1 ? symbols[index - 2] : 0;
        int before3 = channel > 2 ? symbols[index - 3] : 0;
        _contexts[0] = Hash(channel, 0, 0, 0);
        _contexts[1] = Hash(channel, west, north, 0);
        _contexts[2] = Hash(channel, before, before2, 0);
        _contexts[3] = Hash(channel, before, before2, before3);
        _contexts[4] = Hash(channel, west + north, before, before2);
        _contexts[5] = Hash(west, north, northEast, northWest);
    }

    /// <summary>The probability of a 1, of 65536.</summary>
    /// <param name="node">The bits of the symbol so far, behind a leading 1.</param>
    /// <param name="bit">The bit to come, 0 the lowest.</param>
    public readonly int Predict(int node, int bit) => _mixer.Predict(_contexts, node, bit);

    /// <summary>Learns the bit that came.</summary>
    public readonly void Update(int bit, int probability) => _mixer.Update(bit, probability);

    private static uint Hash(int a, int b, int c, int d) => (((uint)a * 0x2F0B4C47 + (uint)b) * 0x2F0B4C47 + (uint)c) * 0x2F0B4C47 + (uint)d;
}
