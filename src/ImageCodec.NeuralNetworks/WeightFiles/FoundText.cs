using System.Globalization;
using System.Text;

namespace ImageCodec.NeuralNetworks;

/// <summary>Shows text that was found in a file in a message, so that hostile text can neither flood it nor steer a terminal.</summary>
internal static class FoundText
{
    private const int MaxShown = 80;

    /// <summary>The text between quotation marks, cut after 80 characters, control and format characters and broken surrogates replaced.</summary>
    public static string Quote(string text)
    {
        StringBuilder shown = new("'");
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (shown.Length > MaxShown)
            {
                shown.Append('…');
                break;
            }

            bool steers = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format;
            shown.Append(steers ? "\uFFFD" : rune.ToString());
        }

        return shown.Append('\'').ToString();
    }

    /// <summary>The first few of several names, quoted, with an ellipsis for the rest.</summary>
    public static string QuoteFirst(IReadOnlyList<string> names)
    {
        const int shown = 8;
        string first = string.Join(", ", names.Take(shown).Select(Quote));
        return names.Count > shown ? first + ", …" : first;
    }
}
