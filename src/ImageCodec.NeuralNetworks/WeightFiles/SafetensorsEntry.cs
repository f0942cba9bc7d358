namespace ImageCodec.NeuralNetworks;

/// <summary>What the header of a safetensors file says of one tensor, already checked on its own.</summary>
/// <param name="Name">The name.</param>
/// <param name="HeaderOffset">The byte of the file where the header speaks of it, for messages.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Shape">The sides.</param>
/// <param name="Count">The product of the sides.</param>
/// <param name="Begin">The first byte, counted from the start of the data.</param>
/// <param name="End">The byte after the last; as far from <paramref name="Begin"/> as type and count say.</param>
internal sealed record SafetensorsEntry(
    string Name, long HeaderOffset, ElementType Type, int[] Shape, int Count, long Begin, long End);
