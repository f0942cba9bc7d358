using System.Globalization;

namespace ImageCodec.Training;

/// <summary>The lines of text of a checkpoint, as what they stand for.</summary>
internal sealed class CheckpointMetadata(IReadOnlyDictionary<string, string> entries)
{
    /// <summary>What messages call the file.</summary>
    public const string Format = "checkpoint";

    /// <exception cref="InvalidFileException">There is no such entry.</exception>
    public string Text(string key) => entries.TryGetValue(key, out string? value)
        ? value
        : throw new InvalidFileException(Format, $"the metadata entry «{key}» is missing; this is not a checkpoint of a training run.");

    /// <summary>A whole number from 0 on.</summary>
    /// <exception cref="InvalidFileException">There is no such entry, or it is something else.</exception>
    public int Count(string key) => int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
        ? count
        : throw new InvalidFileException(Format, $"the metadata entry «{key}» is not a whole number from 0 to {int.MaxValue}.");

    /// <summary>So many numbers with spaces between them.</summary>
    /// <exception cref="InvalidFileException">There is no such entry, or it is something else.</exception>
    public double[] Numbers(string key, int count)
    {
        string[] words = Text(key).Split(' ');
        double[] numbers = new double[count];
        bool isSound = words.Length == count;
        for (int i = 0; isSound && i < count; i++)
        {
            isSound = double.TryParse(words[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]);
        }

        return isSound ? numbers : throw new InvalidFileException(Format, $"the metadata entry «{key}» does not hold {count} numbers.");
    }
}
