using ImageCodec.Models.Transforms;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Tests;

/// <summary>The default model's transforms, with their weights, give the bits of one piece when they run tile by tile.</summary>
public class PhotoTileTests
{
    /// <summary>The side of a latent of which a piece is looked at, and where the piece begins or ends.</summary>
    private const int Places = 11;

    private const int Middle = 5;

    private Autoencoder _model = null!;

    [OneTimeSetUp]
    public void Load() => _model = PretrainedModel.Get(PretrainedModel.DefaultName).LoadModel(maxThreads: 2);

    [OneTimeTearDown]
    public void Dispose() => _model.Dispose();

    // The third has the side that tiles have where none is given, so the halo and the tiles are those of compressors.
    [TestCase(16, 112, 80)]
    [TestCase(64, 208, 144)]
    [TestCase(1024, 2064, 64)]
    [TestCase(1024, 48, 1040)]
    public void Tiles_change_no_bit(int tileSide, int width, int height)
    {
        Network network = _model.Network;
        Map picture = Picture(width, height);
        Map latent = Whole(network.Encoder, picture);
        Map restored = Whole(network.Decoder, latent);

        Assert.That(Tiled(network.Encoder, network.Stride, 1, tileSide, picture, latent.Shape), Is.EqualTo(latent.Values), "analysis");
        Assert.That(Tiled(network.Decoder, 1, network.Stride, tileSide, latent, restored.Shape), Is.EqualTo(restored.Values), "synthesis");
    }

    /// <summary>Guards the test above against pieces that never differ, and the halo against being smaller than it must be.</summary>
    [Test]
    public void Less_surroundings_than_the_transforms_reach_would_show([Values] bool isSynthesis)
    {
        Network network = _model.Network;
        (Sequential transform, int inputUnit, int outputUnit) = isSynthesis ? (network.Decoder, 1, network.Stride) : (network.Encoder, network.Stride, 1);
        Map picture = Picture(Places * network.Stride, Places * network.Stride);
        Map input = isSynthesis ? Whole(network.Encoder, picture) : picture;
        Map whole = Whole(transform, input);

        Assert.That(Enumerable.Range(0, 5).Select(IsSameAfter), Is.EqualTo(new[] { false, false, true, true, true }), "places before the piece");

        // Downsampling looks less far to the right and below.
        Assert.That(Enumerable.Range(0, 5).Select(IsSameBefore), Is.EqualTo(new[] { false, !isSynthesis, true, true, true }), "places after the piece");
        Assert.That(Math.Ceiling(transform.Reach / inputUnit), Is.GreaterThanOrEqualTo(2), "what tiles are given");

        // The piece at the lower right, which sees some places above and to the left, and the one at the upper left.
        bool IsSameAfter(int seen) => IsSame(Middle - seen, Places, Middle, Places);

        bool IsSameBefore(int seen) => IsSame(0, Middle + seen, 0, Middle);

        bool IsSame(int seenFrom, int seenTo, int from, int to)
        {
            Map part = Whole(transform, Cut(input, seenFrom * inputUnit, seenTo * inputUnit));
            Map piece = Cut(part, (from - seenFrom) * outputUnit, (to - seenFrom) * outputUnit);
            return piece.Values.AsSpan().SequenceEqual(Cut(whole, from * outputUnit, to * outputUnit).Values);
        }
    }

    private unsafe float[] Tiled(Sequential transform, int inputUnit, int outputUnit, int tileSide, Map input, TensorShape outputShape)
    {
        float[] output = new float[outputShape.Length];
        TiledNetwork tiles = new(transform, inputUnit, outputUnit, _model.Workspace, maxThreads: 2, tileSide);
        fixed (float* from = input.Values, to = output)
        {
            tiles.Run(new TensorRows(from, input.Shape), input.Shape, new TensorRows(to, outputShape), outputShape, null, default);
        }

        return output;
    }

    private Map Whole(Sequential transform, Map input)
    {
        using ComputeScope scope = new(_model.Workspace, 2);
        Tensor tensor = scope.Create(1, input.Shape);
        input.Values.CopyTo(tensor.Span);
        Tensor output = transform.Forward(scope, tensor);
        return new Map(output.Span.ToArray(), output.Shape);
    }

    private static Map Picture(int width, int height)
    {
        RgbImage picture = DetailedPicture.Create(width, height);
        return new Map([.. picture.Pixels.ToArray().Select(value => value / 255f)], new TensorShape(height, width, 3));
    }

    /// <summary>The rows and the columns from one to another.</summary>
    private static Map Cut(Map map, int from, int to)
    {
        TensorShape shape = new(to - from, to - from, map.Shape.Channels);
        float[] values = new float[shape.Length];
        int length = shape.Width * shape.Channels;
        for (int row = 0; row < shape.Height; row++)
        {
            map.Values.AsSpan(((from + row) * map.Shape.Width + from) * shape.Channels, length).CopyTo(values.AsSpan(row * length));
        }

        return new Map(values, shape);
    }

    private sealed record Map(float[] Values, TensorShape Shape);
}
