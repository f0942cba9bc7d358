using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.NeuralNetworks;

/// <summary>
/// Weights of 8 bits: a tensor of signed bytes, and beside it one of 32-bit floats with a scale for each index of the first side, named
/// like it with <c>.row_scale</c> at the end. A weight is the byte times the scale of its row, one rounded product.
/// </summary>
internal static class RowScales
{
    private const string Suffix = ".row_scale";
    private const int Largest = 127;

    /// <summary>Parts a tensor, of at least two sides, into scales and bytes; the bytes still as floats.</summary>
    /// <exception cref="ArgumentException">It holds a value that is not finite.</exception>
    public static (NamedTensor Tensor, ElementType Type)[] Split(NamedTensor tensor)
    {
        int rows = tensor.Shape[0];
        float[] scales = new float[rows];
        float[] bytes = new float[tensor.Values.Length];
        int length = rows == 0 ? 0 : bytes.Length / rows;
        for (int row = 0; row < rows; row++)
        {
            float largest = 0;
            foreach (float value in tensor.Values.AsSpan(row * length, length))
            {
                if (!float.IsFinite(value))
                {
                    throw new ArgumentException($"The tensor {FoundText.Quote(tensor.Name)} holds {value}, which bytes can't.", nameof(tensor));
                }

                largest = Math.Max(largest, Math.Abs(value));
            }

            // Below what a normal number divided by 127 can be, a row is as good as zeros.
            scales[row] = largest / Largest is var scale && float.IsNormal(scale) ? scale : 0;
            for (int i = row * length; i < (row + 1) * length; i++)
            {
                bytes[i] = scales[row] == 0 ? 0 : Math.Clamp(MathF.Round(tensor.Values[i] / scales[row]), -Largest, Largest);
            }
        }

        return
        [
            (new NamedTensor(tensor.Name + Suffix, [rows], scales), ElementType.Float32),
            (new NamedTensor(tensor.Name, tensor.Shape, bytes), ElementType.Signed8),
        ];
    }

    /// <summary>The tensors of scales, by the names of the tensors of bytes that they belong to.</summary>
    /// <exception cref="InvalidFileException">Scales are not one 32-bit float for each row.</exception>
    public static Dictionary<string, SafetensorsEntry> Find(IReadOnlyList<SafetensorsEntry> entries)
    {
        Dictionary<string, SafetensorsEntry> bytes = entries.Where(entry => entry.Type == ElementType.Signed8)
            .ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        Dictionary<string, SafetensorsEntry> scales = new(StringComparer.Ordinal);
        foreach (SafetensorsEntry entry in entries.Where(entry => entry.Name.EndsWith(Suffix, StringComparison.Ordinal)))
        {
            if (!bytes.TryGetValue(entry.Name[..^Suffix.Length], out SafetensorsEntry? owner))
            {
                continue;
            }

            if (owner.Shape.Length == 0 || entry.Type != ElementType.Float32 || !entry.Shape.AsSpan().SequenceEqual([owner.Shape[0]]))
            {
                throw new InvalidFileException(
                    Safetensors.Format,
                    $"The scales {FoundText.Quote(entry.Name)} have the shape {WeightShape.Describe(entry.Shape)}, but must be one F32 for each " +
                    $"index of the first side of {FoundText.Quote(owner.Name)}, {WeightShape.Describe(owner.Shape)}.",
                    entry.HeaderOffset);
            }

            scales.Add(owner.Name, entry);
        }

        return scales;
    }

    /// <summary>Multiplies bytes with their rows' scales.</summary>
    /// <exception cref="InvalidFileException">A scale is negative or not finite.</exception>
    public static float[] Read(SafetensorsEntry entry, ReadOnlySpan<byte> source, SafetensorsEntry scaleEntry, ReadOnlySpan<byte> scaleSource)
    {
        float[] scales = new float[scaleEntry.Count];
        ElementTypes.TryWiden(scaleSource, ElementType.Float32, bigEndian: false, scales);
        float[] values = new float[entry.Count];
        int length = scales.Length == 0 ? 0 : values.Length / scales.Length;
        for (int row = 0; row < scales.Length; row++)
        {
            // A larger one could make products that are not finite.
            if (!(scales[row] is >= 0 and <= float.MaxValue / 128))
            {
                throw new InvalidFileException(
                    Safetensors.Format, $"The scale {row} of {FoundText.Quote(entry.Name)} is {scales[row]}; it must be finite and not negative.", scaleEntry.HeaderOffset);
            }

            Multiply(MemoryMarshal.Cast<byte, sbyte>(source.Slice(row * length, length)), scales[row], values.AsSpan(row * length, length));
        }

        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(ReadOnlySpan<sbyte> integers, float scale, Span<float> products)
    {
        int i = 0;
        for (; i <= integers.Length - Vector128<sbyte>.Count; i += Vector128<sbyte>.Count)
        {
            (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Create(integers[i..]));
            Span<float> sixteen = products.Slice(i, Vector128<sbyte>.Count);
            (Vector256.ConvertToSingle(Vector256.WidenLower(low.ToVector256())) * scale).CopyTo(sixteen);
            (Vector256.ConvertToSingle(Vector256.WidenLower(high.ToVector256())) * scale).CopyTo(sixteen[Vector256<float>.Count..]);
        }

        for (; i < integers.Length; i++)
        {
            products[i] = integers[i] * scale;
        }
    }
}
