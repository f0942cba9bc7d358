using ImageCodec.Entropy.Context;

namespace ImageCodec.Models.Residuals;

/// <summary>The way through a picture that writing and reading its residuals share: row by row, pixel by pixel, green, then red, then blue; of grey pictures the one value.</summary>
internal sealed class ResidualWalk
{
    private static readonly int[] s_channels = [1, 0, 2];

    private readonly RgbImage _picture;
    private readonly RgbImage? _original;
    private readonly int _maxError;
    private readonly int _step;
    private readonly ChannelRows[] _rows;
    private readonly ValuePredictor[] _predictors;
    private readonly ResidualContexts _contexts;

    /// <param name="picture">The decoded picture; becomes the restored one.</param>
    /// <param name="original">What it should be; null where residuals are read.</param>
    /// <param name="maxError">How far values may be from it.</param>
    /// <param name="isGrey">Whether all channels are equal.</param>
    public ResidualWalk(RgbImage picture, RgbImage? original, int maxError, bool isGrey)
    {
        (_picture, _original, _maxError, _step) = (picture, original, maxError, 2 * maxError + 1);
        _rows = [.. s_channels.Take(isGrey ? 1 : s_channels.Length).Select(channel => new ChannelRows(picture.Width, channel))];
        _predictors = [.. _rows.Select(_ => new ValuePredictor(picture.Width))];
        _contexts = new ResidualContexts(picture.PixelCount, (255 + maxError) / _step);
    }

    /// <summary>The level that a prediction in sixteenths is nearest to.</summary>
    public static int Nearest(int prediction) => (prediction + (1 << (ValuePredictor.FractionBits - 1))) >> ValuePredictor.FractionBits;

    /// <summary>Codes all residuals, and restores the picture by them.</summary>
    public void Run<TCoder>(ref TCoder coder, IProgress<double>? progress, CancellationToken cancellationToken)
        where TCoder : IBitCoder, allows ref struct
    {
        for (int y = 0; y < _picture.Height; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int i = 0; i < _rows.Length; i++)
            {
                _rows[i].MoveTo(_picture, y);
                _predictors[i].MoveDown();
            }

            CodeRow(ref coder, y);
            progress?.Report((y + 1.0) / _picture.Height);
        }
    }

    private void CodeRow<TCoder>(ref TCoder coder, int y)
        where TCoder : IBitCoder, allows ref struct
    {
        int start = 3 * _picture.Width * y;
        Span<byte> restored = _picture.Pixels.Slice(start, 3 * _picture.Width);
        ReadOnlySpan<byte> wanted = _original is null ? [] : _original.Pixels.Slice(start, restored.Length);
        for (int x = 0; x < _picture.Width; x++)
        {
            int at = x + ChannelRows.Margin;
            for (int i = 0; i < _rows.Length; i++)
            {
                ChannelRows own = _rows[i];
                ChannelRows? before = i > 0 ? _rows[i - 1] : null;
                ChannelRows? first = i > 1 ? _rows[i - 2] : null;
                ValuePredictor predictor = _predictors[i];
                int prediction = predictor.Predict(own, before, first, at);
                int center = Nearest(prediction);
                _contexts.MoveTo(own, before, first, at, prediction);
                int residual = _contexts.Code(ref coder, wanted.IsEmpty ? 0 : Quantize(wanted[3 * x + s_channels[i]] - center));
                int value = Math.Clamp(center + residual * _step, 0, 255);
                own.Errors[at] = value - own.Base[at];
                own.Residuals[at] = residual;
                predictor.Learn(value, at);
                if (_rows.Length == 1)
                {
                    restored.Slice(3 * x, 3).Fill((byte)value);
                }
                else
                {
                    restored[3 * x + s_channels[i]] = (byte)value;
                }
            }
        }
    }

    private int Quantize(int difference) => (Math.Abs(difference) + _maxError) / _step * Math.Sign(difference);
}
