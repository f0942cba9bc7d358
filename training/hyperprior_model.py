"""The hyperprior model in PyTorch: layers with the names and shapes of the library's weights files, and its loss.

docs/hyperprior.md describes the model, docs/format.md what its decoder computes.
"""
import contextlib
import math
from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import nn

ANCHORS, LATENT, SLICES = 8, 320, (32, 64, 224)
WIDTH, INNER, HYPER, FEATURES = 128, 128, 64, 192
PLANES, HALF_SIZE_CHANNELS = 4, 24
LOWEST_LOG_SCALE, LOG_SCALE_STEP, SCALES = -2.2072749, 0.1230548, 64
HIGHEST_LOG_SCALE = LOWEST_LOG_SCALE + (SCALES - 1) * LOG_SCALE_STEP
PRICE_OF_BIT, LARGEST_LISTED = 0.05, 2047
LOWEST_LAMBDA, LAMBDA_RATIO, PIXEL_SCALE = 0.0002, 2.514, 255.0 * 255.0
USUAL_DETAIL, LEAST_DETAIL = 9 / 255, 1 / 255


class Blocks(nn.Module):
    """Moves blocks of side by side places to or from channels."""

    def __init__(self, side):
        super().__init__()
        self.side = side


class SpaceToDepth(Blocks):
    """Blocks of places become channels (row, column, channel); PyTorch's own has the channel first."""

    def forward(self, x):
        n, c, h, w = x.shape
        b = self.side
        x = x.permute(0, 2, 3, 1).reshape(n, h // b, b, w // b, b, c)
        return x.permute(0, 1, 3, 2, 4, 5).reshape(n, h // b, w // b, b * b * c).permute(0, 3, 1, 2)


class DepthToSpace(Blocks):
    """The inverse of SpaceToDepth."""

    def forward(self, x):
        n, c, h, w = x.shape
        b = self.side
        x = x.permute(0, 2, 3, 1).reshape(n, h, w, b, b, c // (b * b))
        return x.permute(0, 1, 3, 2, 4, 5).reshape(n, h * b, w * b, c // (b * b)).permute(0, 3, 1, 2)


class Filter(nn.Module):
    """Convolutions with ReLU between, whose result is added to the first channels of what they read."""

    # At full size a filter's maps are what memory is busy with; training halves them.
    in_bfloat16 = False

    def __init__(self, *widths):
        super().__init__()
        self.depth = len(widths) - 1
        for i in range(self.depth):
            self.add_module(str(i), convolve(widths[i], widths[i + 1]))

    def forward(self, x):
        brief = Filter.in_bfloat16 and x.is_cuda
        with torch.autocast("cuda", torch.bfloat16, cache_enabled=False) if brief else contextlib.nullcontext():
            y = x
            for i in range(self.depth):
                y = getattr(self, str(i))(F.relu(y) if i else y)
        return x[:, :y.shape[1]] + y.float()


class Slice(nn.Module):
    """What predicts some channels of the latent."""

    def __init__(self, first, channels, previous):
        super().__init__()
        self.first, self.channels = first, channels
        if previous:
            self.previous = convolve(previous, FEATURES)
        self.neighbours = convolve(channels, FEATURES)
        self.head = chain(("0", convolve(FEATURES, FEATURES, 1)), ("1", nn.ReLU()), ("2", convolve(FEATURES, 2 * channels, 1)))


class Prior(nn.Module):
    """The distribution of the hyper-latent."""

    def __init__(self):
        super().__init__()
        self.means = nn.Parameter(torch.zeros(HYPER))
        self.log_scales = nn.Parameter(torch.zeros(HYPER))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = chain(("filter", Filter(3, 16, 16, 3)), ("0", SpaceToDepth(8)), ("1", convolve(192, WIDTH)), ("2", convolve(WIDTH, LATENT, stride=2)))
        self.decoder = chain(
            ("0", transpose(LATENT, WIDTH)), ("1", convolve(WIDTH, 16 * HALF_SIZE_CHANNELS)), ("2", DepthToSpace(4)),
            ("half_filter", Filter(HALF_SIZE_CHANNELS, 32, 32, 4 * PLANES)), ("3", DepthToSpace(2)), ("filter", Filter(PLANES, 16, 16, 16, 3)))
        self.hyper_analysis = chain(
            ("0", convolve(LATENT, INNER)), ("1", nn.ReLU()), ("2", convolve(INNER, INNER, stride=2)), ("3", nn.ReLU()), ("4", convolve(INNER, HYPER, stride=2)))
        self.hyper_synthesis = chain(("0", transpose(HYPER, INNER)), ("1", nn.ReLU()), ("2", transpose(INNER, FEATURES)))
        self.slices = nn.ModuleList()
        first = previous = 0
        for channels in SLICES:
            self.slices.append(Slice(first, channels, previous))
            first, previous = first + channels, channels
        self.log_gains = nn.Parameter(torch.zeros(ANCHORS, LATENT))
        self.log_inverse_gains = nn.Parameter(torch.zeros(ANCHORS, LATENT))
        self.offsets = nn.Parameter(torch.zeros(ANCHORS, LATENT))
        self.prior = Prior()
        self.register_buffer("saved_bits", saved_bits(), persistent=False)

    def forward(self, pictures, rates, weights, noise=None):
        """Codes pictures and restores them.

        pictures: [n, 3, rows, columns] in [0, 1], sides multiples of 64; rates: [n], 0 to 7; weights: [n], what a bit of each picture counts;
        noise: numbers between -0.5 and 0.5 of the shapes of noise_shapes. Without noise, the bits are those of the rounded values. Gives the
        restored pictures, the bits of each, and what stands for their weighted sum in the gradient.
        """
        run = Run(self, weights[:, None, None, None], noise)
        latent = self.encoder(pictures) * at(self.log_gains, rates).exp()
        features = self.hyper_synthesis(run.code_hyper_latent(self.hyper_analysis(latent)))
        restored = run.code_latent(latent, features) * at(self.log_inverse_gains, rates).exp() + at(self.offsets, rates)
        return self.decoder(restored), run.bits, run.cost


class Run:
    """One pass: what is rounded, and what it costs."""

    def __init__(self, model, weights, noise):
        self.model, self.weights, self.bits, self.cost = model, weights, 0, 0
        self.hyper_noise, self.noise = noise or (None, None)

    def code_hyper_latent(self, h):
        means, log_scales = self.model.prior.means[:, None, None], self.model.prior.log_scales[:, None, None]
        distance = h - means
        rounded = distance.detach().round()
        bits, by_value, by_scale = normal_bits(self.counted(distance, rounded, self.hyper_noise), log_scales)
        self.count(bits, by_value * distance + by_scale * log_scales)
        return through(h, rounded + means)

    def code_latent(self, latent, features):
        rows = torch.arange(latent.shape[2], device=latent.device)[:, None]
        columns = torch.arange(latent.shape[3], device=latent.device)[None]
        field = ((rows + columns) % 2 == 0).float()
        parts = []
        for s in self.model.slices:
            if parts:
                features = features + s.previous(parts[-1])
            channels = slice(s.first, s.first + s.channels)
            part, noise = latent[:, channels], None if self.noise is None else self.noise[:, channels]
            first = self.code_half(part, noise, s.head(features), field)
            parts.append(first + self.code_half(part, noise, s.head(features + s.neighbours(first)), 1 - field))
        return torch.cat(parts, 1)

    def code_half(self, part, noise, predictions, field):
        """Rounds one field of a checkerboard around its predicted means; the other one is zero."""
        mean, predicted = predictions.chunk(2, 1)
        log_scale = predicted.detach().clamp(LOWEST_LOG_SCALE, HIGHEST_LOG_SCALE)
        distance = part - mean
        rounded = self.round(distance.detach(), predicted.detach())
        bits, by_value, by_scale = normal_bits(self.counted(distance, rounded, noise), log_scale)
        # The tables end there: nothing is gained by predicting what lies beyond, but the way back stays open.
        leaves = (log_scale != predicted) & ((predicted < log_scale) == (by_scale > 0))
        self.count(bits * field, (by_value * distance + by_scale.masked_fill(leaves, 0) * predicted) * field)
        return through(part, rounded + mean) * field

    def round(self, distance, log_scale):
        """With an eye on the rate: the next integer towards zero where the bits saved are worth the error added."""
        table = ((log_scale - LOWEST_LOG_SCALE) / LOG_SCALE_STEP + 0.5).clamp(0, SCALES - 1).floor()
        magnitude = distance.abs()
        nearest = magnitude.round()
        bits = self.model.saved_bits[(table * (LARGEST_LISTED + 1) + nearest.clamp(0, LARGEST_LISTED)).long()]
        falls = (1 - 2 * (nearest - magnitude) < PRICE_OF_BIT * bits) & (nearest > 0)
        return (nearest - falls.float()) * distance.sign()

    def counted(self, distance, rounded, noise):
        return rounded if noise is None else distance + noise

    def count(self, bits, cost):
        self.bits = self.bits + bits.sum((1, 2, 3))
        self.cost = self.cost + (self.weights * cost).sum()


def noise_shapes(count, side):
    """The shapes of what is rounded in square pictures, the hyper-latents and the latents."""
    return (count, HYPER, side // 64, side // 64), (count, LATENT, side // 16, side // 16)


def convolve(inputs, outputs, kernel=3, stride=1):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2)


def transpose(inputs, outputs):
    return nn.ConvTranspose2d(inputs, outputs, 4, 2, 1)


def chain(*named):
    return nn.Sequential(OrderedDict(named))


def through(value, rounded):
    """Rounded on the way there; on the way back as if it were not."""
    return value + (rounded - value).detach()


def at(table, rates):
    """A table of anchors at the rates of pictures: [n, channels, 1, 1]."""
    anchor = rates.clamp(max=ANCHORS - 1.0001).floor()
    part = (rates - anchor).unsqueeze(1)
    lower, upper = table.index_select(0, anchor.long()), table.index_select(0, anchor.long() + 1)
    return (lower + part * (upper - lower))[:, :, None, None]


@torch.no_grad()
def normal_bits(value, log_scale):
    """Bits of the unit interval around a value under a normal distribution, and their slopes by the value and by the logarithm of the scale."""
    inverse = (-log_scale).exp()
    distance = value.abs()
    near, far = (0.5 - distance) * inverse, (-0.5 - distance) * inverse
    likelihood = below(near) - below(far)
    likely = likelihood > 1e-9
    likelihood = likelihood.clamp(min=1e-9)
    slope = 1 / (math.log(2) * likelihood)
    near_density, far_density = density(near), density(far)
    sign = torch.where(value < 0, -1.0, 1.0)
    by_value = torch.where(likely, slope * inverse * (near_density - far_density), -near * inverse / math.log(2)) * sign
    by_scale = torch.where(likely, slope * (near * near_density - far * far_density), -near * near / math.log(2))
    tail = near * near * (0.5 / math.log(2)) + (torch.maximum(-near, 1 / inverse) * math.sqrt(2 * math.pi)).log2()
    return torch.where(likely, -likelihood.log2(), tail), by_value, by_scale


def below(x):
    return 0.5 * torch.erfc(x * -math.sqrt(0.5))


def density(x):
    return (-0.5 * x * x).exp() / math.sqrt(2 * math.pi)


def saved_bits():
    """For each scale and magnitude, the bits that the next magnitude towards zero costs less."""
    magnitudes = torch.arange(LARGEST_LISTED + 1, dtype=torch.float64)
    rows = []
    for i in range(SCALES):
        unit = math.sqrt(2) * math.exp(LOWEST_LOG_SCALE + i * LOG_SCALE_STEP)
        likelihood = 0.5 * (torch.erfc((magnitudes - 0.5) / unit) - torch.erfc((magnitudes + 0.5) / unit))
        bits = -likelihood.clamp(min=2.0 ** -16).log2()
        rows.append(F.pad(bits[1:] - bits[:-1], (1, 0)))
    return torch.cat(rows).float()


def rate_lambda(rate):
    """Bits a pixel for a squared error of one 8-bit level."""
    return LOWEST_LAMBDA * LAMBDA_RATIO ** rate


def weights_of(pictures, rates):
    """What each picture counts: one of much detail less than a plain one, and every rate as much as the middle one."""
    across = (pictures[:, :, :, 1:] - pictures[:, :, :, :-1]).abs().mean((1, 2, 3))
    down = (pictures[:, :, 1:] - pictures[:, :, :-1]).abs().mean((1, 2, 3))
    detail = (across + down) / 2
    return (rate_lambda(rates) / rate_lambda((ANCHORS - 1) / 2)) ** -0.4 * ((USUAL_DETAIL + LEAST_DETAIL) / (detail + LEAST_DETAIL)) ** 0.5


def squared_error(restored, pictures):
    """The mean squared error of each picture."""
    return (restored - pictures).square().mean((1, 2, 3))


def loss_of(model, pictures, rates, weights, noise=None, error=squared_error, of=None):
    """The loss for the gradient, and its value as it is to be shown.

    error: what each restored picture is off, on the scale of squared errors. of: how many pictures the whole batch has, where these are a part of it; the losses of the parts add up to the batch's.
    """
    n, _, rows, columns = pictures.shape
    per_pixel = 1.0 / ((of or n) * rows * columns)
    restored, bits, cost = model(pictures, rates, weights * per_pixel, noise)
    distortion = (error(restored, pictures) * weights * rate_lambda(rates)).sum() * (PIXEL_SCALE / (of or n))
    return distortion + cost, (weights * bits).sum() * per_pixel + distortion.detach()
