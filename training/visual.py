"""What a restored picture looks off: structural similarity over several scales in the XYB colours of JPEG XL.

Wang, Simoncelli and Bovik (2003) for the measure; Alakuijala et al. (2019) for the colours, shifted to about 0 to 1 as SSIMULACRA2 has them.
"""
import torch
import torch.nn.functional as F

from hyperprior_model import squared_error

CONES = ((0.3, 0.622, 0.078), (0.23, 0.692, 0.078), (0.24342268924547819, 0.20476744424496821, 0.55180908630997360))
BIAS = 0.0037930732552754493
SCALES, WINDOW, SIGMA, C2 = 4, 11, 1.5, 0.0009
# Of X, Y and B - Y. Colour differences are seen less sharply.
CHANNEL_WEIGHTS = (0.15, 0.7, 0.15)


# Of the error that is trained by, what is still squared; and the squared error that costs as many bits as a visual error of one. At all rates
# that is about the same, 0.027 to 0.035 for photos.
SQUARED_SHARE, VISUAL_SCALE = 0.25, 0.033


def to_linear(pictures):
    return torch.where(pictures <= 0.04045, pictures / 12.92, ((pictures.clamp(min=0.04045) + 0.055) / 1.055) ** 2.4)


def to_xyb(linear):
    cones = torch.tensor(CONES, device=linear.device)[:, :, None, None]
    l, m, s = ((F.conv2d(linear, cones) + BIAS) ** (1 / 3) - BIAS ** (1 / 3)).unbind(1)
    y = (l + m) / 2
    return torch.stack((7 * (l - m) + 0.42, y + 0.01, s - y + 0.55), 1)


def blur(maps):
    """Local means where the whole window is inside."""
    places = torch.arange(WINDOW, device=maps.device) - WINDOW // 2
    window = (-places.float().square() / (2 * SIGMA * SIGMA)).exp()
    window = (window / window.sum()).expand(maps.shape[1], 1, WINDOW)
    return F.conv2d(F.conv2d(maps, window[:, :, None], groups=maps.shape[1]), window[:, :, :, None], groups=maps.shape[1])


def structure_lost(a, b):
    """One less the structural similarity, with SSIMULACRA2's term of means: [n, 3]."""
    mean_a, mean_b, aa, bb, ab = blur(torch.cat((a, b, a * a, b * b, a * b), 1)).chunk(5, 1)
    covariance = 2 * (ab - mean_a * mean_b) + C2
    variances = aa - mean_a.square() + bb - mean_b.square() + C2
    return (1 - (1 - (mean_a - mean_b).square()) * covariance / variances).mean((2, 3))


def visual_error(restored, pictures):
    """Of each picture [n, 3, rows, columns] in [0, 1]: 0 for equal ones, about 1 for unlike ones."""
    # What is beyond the range is cut off when a picture is shown; the squared error beside this one pulls it back.
    a, b = to_linear(pictures), to_linear(restored.clamp(0, 1))
    weights = torch.tensor(CHANNEL_WEIGHTS, device=pictures.device)
    errors = []
    for scale in range(SCALES):
        if scale:
            a, b = F.avg_pool2d(a, 2), F.avg_pool2d(b, 2)
        if min(a.shape[2:]) >= WINDOW:
            errors.append(structure_lost(to_xyb(a), to_xyb(b)) @ weights)
    return torch.stack(errors).mean(0)


def mixed_error(restored, pictures):
    """What weights for the eye are trained by, on the scale of squared errors. The squared part keeps colours and plain areas in place."""
    return SQUARED_SHARE * squared_error(restored, pictures) + (1 - SQUARED_SHARE) * VISUAL_SCALE * visual_error(restored, pictures)
