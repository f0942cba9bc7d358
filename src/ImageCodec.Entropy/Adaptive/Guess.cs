namespace ImageCodec.Entropy.Adaptive;

/// <summary>Where the decoder looks for a symbol first.</summary>
internal enum Guess
{
    /// <summary>Nowhere: it searches all groups.</summary>
    None,

    /// <summary>In one group of 16.</summary>
    Group,

    /// <summary>In one quarter of a group.</summary>
    Quad,
}
