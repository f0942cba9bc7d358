using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ImageCodec.AspNetCore;

/// <summary>Content negotiation.</summary>
internal static class AcceptHeader
{
    /// <summary>
    /// Chooses what a client likes best. The most specific range that fits a format says how much it is liked. The <c>.icd</c> file goes only to clients that name it: those that
    /// say «anything» do not mean that they have a decoder.
    /// </summary>
    /// <param name="request">The request; without the header anything is accepted.</param>
    /// <param name="formats">The formats; of two that are liked as well the first is taken.</param>
    /// <returns>Null if none is accepted.</returns>
    public static PictureFormat? Choose(HttpRequest request, PictureFormat[] formats)
    {
        IList<MediaTypeHeaderValue> ranges = request.GetTypedHeaders().Accept;
        PictureFormat? best = null;
        double bestQuality = 0;
        foreach (PictureFormat format in formats)
        {
            double quality = QualityOf(format, ranges);
            if (quality > bestQuality)
            {
                (best, bestQuality) = (format, quality);
            }
        }

        return best;
    }

    private static double QualityOf(PictureFormat format, IList<MediaTypeHeaderValue> ranges)
    {
        bool needsName = format.Encode is null;
        if (ranges.Count == 0)
        {
            return needsName ? 0 : 1;
        }

        double quality = 0;
        int bestRank = -1;
        foreach (MediaTypeHeaderValue range in ranges)
        {
            int rank = range.MatchesAllTypes ? 0
                : range.MatchesAllSubTypes ? (range.Type.Equals("image", StringComparison.OrdinalIgnoreCase) ? 1 : -1)
                : range.MediaType.Equals(format.MediaType, StringComparison.OrdinalIgnoreCase) ? 2 : -1;
            if (rank > bestRank && (rank == 2 || !needsName))
            {
                (quality, bestRank) = (range.Quality ?? 1, rank);
            }
        }

        return quality;
    }
}
