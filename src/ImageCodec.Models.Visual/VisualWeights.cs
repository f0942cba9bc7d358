namespace ImageCodec.Models.Visual;

/// <summary>What <c>ImageCodec.Models</c> finds this assembly by, and its weights in it. The name must stay.</summary>
internal static class VisualWeights;
