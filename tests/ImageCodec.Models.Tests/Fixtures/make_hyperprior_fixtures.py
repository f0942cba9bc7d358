#!/usr/bin/python3
"""Writes network-hyperprior.json, which the tests hold against the library's hyperprior model and its loss.

Run where PyTorch is installed (Debian: python3-torch, version 1.13): python3 make_hyperprior_fixtures.py
The model is the one of training/hyperprior_model.py. Weights, inputs and noise are not stored: they come from formulas that the tests compute too.
The file holds samples of what each transform makes of a given input, and the loss of two pictures with samples of its gradients.
"""
import json
import math
import os
import sys

import numpy
import torch

from make_network_fixtures import tensor

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(FOLDER, "..", "..", "..", "training"))
import hyperprior_model as hyperprior  # noqa: E402

COUNT, STAGE_SAMPLES, GRADIENT_SAMPLES = 2, 48, 8
PICTURE = (64, 128)
# No rounding may hang on less than this, as sums in another order differ in their last bits.
MARGIN, SCALE_MARGIN = 5e-5, 2e-5


def scale_and_offset(name, shape):
    """Activations neither die nor explode, every layer counts, and predicted distributions are about as wide as what they predict."""
    if name.startswith("log_"):
        return 0.6, 1.4 if name == "log_gains" else -1.4
    if name in ("prior.means", "offsets"):
        return 0.5, 0
    if name == "prior.log_scales":
        return 0.5, 1
    if name.endswith("head.2.bias"):
        return 0.2, 0.7
    if len(shape) == 1:
        return 0.1, 0
    transposed = name.startswith(("decoder.0.", "hyper_synthesis."))
    terms = shape[0] * 4 if transposed else math.prod(shape[1:])
    followed_by_relu = "filter" in name or "hyper_analysis" in name or name.startswith("hyper_synthesis.0") or "head.0" in name
    scale = math.sqrt((6 if followed_by_relu else 3) / terms)
    if "head" in name or "previous" in name or "neighbours" in name or name.startswith("hyper_synthesis.2"):
        scale *= 0.7
    return scale * (0.4 if name.startswith("decoder.1") else 1), 0


def create():
    model = hyperprior.Model()
    described = []
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            scale, offset = scale_and_offset(name, list(parameter.shape))
            parameter.copy_(tensor(name, list(parameter.shape), scale, offset))
            described.append({"name": name, "shape": list(parameter.shape), "scale": scale, "offset": offset})
    # The codec rounds by the bits of its integer tables, the training on a GPU by those of the distributions themselves.
    model.saved_bits.copy_(table_saved_bits())
    return model, described


def table_saved_bits():
    """For each scale and magnitude, the bits that the next magnitude towards zero costs less in the library's tables of 16-bit frequencies."""
    rows = numpy.zeros((hyperprior.SCALES, hyperprior.LARGEST_LISTED + 1))
    for i in range(hyperprior.SCALES):
        bits = 16 - numpy.log2(frequencies(0.11 * (256 / 0.11) ** (i / (hyperprior.SCALES - 1))))
        saved = numpy.diff(bits)
        rows[i, 1:len(bits)] = saved
        rows[i, len(bits):] = saved[-1]
    return torch.from_numpy(rows.astype(numpy.float32).ravel())


def frequencies(scale):
    """Of the magnitudes 0, 1, …: docs/format.md has how distributions become integers."""
    tails = [0.5]
    while len(tails) < 2 or tails[-1] > 0.5 / 65536:
        tails.append(0.5 * math.erfc((len(tails) - 0.5) / scale / math.sqrt(2)))
    reach = max(len(tails) - 2, 1)
    if len(tails) < 3:
        tails.append(0.5 * math.erfc(1.5 / scale / math.sqrt(2)))
    side = [tails[k] - tails[k + 1] for k in range(1, reach + 1)]
    weights = numpy.array([*reversed(side), 1 - 2 * tails[1], *side, 2 * tails[reach + 1]])
    counts = numpy.maximum(1, numpy.floor(weights * 65536 + 0.5))
    while counts.sum() != 65536:
        step = math.copysign(1, 65536 - counts.sum())
        ratios = weights / (counts + 0.5) if step > 0 else numpy.where(counts > 1, (counts - 0.5) / numpy.maximum(weights, 1e-300), -1)
        counts[numpy.argmax(ratios)] += step
    return counts[reach:-1]


class Source:
    """The library's RandomSource: SplitMix64 from a seed and one step."""

    def __init__(self, seed, step):
        self.state = seed
        self.state = int(self.bits(1)[0]) ^ step

    def bits(self, count):
        with numpy.errstate(over="ignore"):
            z = numpy.uint64(self.state) + numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
            self.state = int(z[-1])
            z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
            return z ^ (z >> numpy.uint64(31))

    def singles(self, count):
        return (self.bits(count) >> numpy.uint64(40)).astype(numpy.float32) / numpy.float32(1 << 24)


class SeededRun(hyperprior.Run):
    """A pass whose noise comes from sources, in the order in which the codec goes through the values, and that notices what is hard to round."""

    sources, doubtful = [], 0

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.calls = 0

    def counted(self, distance, rounded, noise):
        n, channels, rows, columns = distance.shape
        places = numpy.add.outer(numpy.arange(rows), numpy.arange(columns)) % 2 == (self.calls - 1) % 2
        places |= self.calls == 0
        if self.calls == 0:
            self.note((distance.abs() % 1 - 0.5).abs() < MARGIN, places)
        self.calls += 1
        noise = numpy.zeros((n, rows, columns, channels), numpy.float32)
        for i, source in enumerate(self.sources):
            noise[i][places] = source.singles(places.sum() * channels).reshape(-1, channels) - numpy.float32(0.5)
        return distance + torch.from_numpy(noise).permute(0, 3, 1, 2)

    def round(self, distance, log_scale):
        rows, columns = distance.shape[2:]
        places = numpy.add.outer(numpy.arange(rows), numpy.arange(columns)) % 2 == (self.calls - 1) % 2
        result = super().round(distance, log_scale)
        for scale in (log_scale - SCALE_MARGIN, log_scale + SCALE_MARGIN):
            for moved in (distance - MARGIN, distance + MARGIN):
                self.note(super().round(moved, scale) != result, places)
        return result

    def note(self, doubtful, places):
        SeededRun.doubtful += int((doubtful & torch.from_numpy(places)).sum())


def library_weights(pictures, rates):
    """What pictures count in the library, whose measure of detail goes on from the end of a row to the next one and leaves out the last row."""
    weights = []
    for picture, rate in zip(pictures.permute(0, 2, 3, 1).double().numpy(), rates.tolist()):
        pitch, flat = 3 * picture.shape[1], picture.ravel()
        end = len(flat) - pitch - 3
        detail = (abs(flat[:end] - flat[3:end + 3]) + abs(flat[:end] - flat[pitch:end + pitch])).sum() / (2 * len(flat))
        balance = (hyperprior.rate_lambda(rate) / hyperprior.rate_lambda((hyperprior.ANCHORS - 1) / 2)) ** -0.4
        weights.append(balance * math.sqrt((hyperprior.USUAL_DETAIL + hyperprior.LEAST_DETAIL) / (detail + hyperprior.LEAST_DETAIL)))
    return torch.tensor(weights, dtype=torch.float32)


def sample(values, count):
    """Channels last, as the library keeps its tensors; samples that meet all channels, and sums over all values."""
    flat = values.detach().permute(0, 2, 3, 1).flatten() if values.dim() == 4 else values.detach().flatten()
    every = max(1, len(flat) // count) | 1
    exact = flat.double()
    return {
        "length": len(flat),
        "every": every,
        "values": [float(f"{float(v):.8g}") for v in flat[::every]],
        "sum": float(f"{float(exact.sum()):.10g}"),
        "magnitude": float(f"{float(exact.abs().sum()):.10g}"),
    }


def given(name, rows, columns, channels, scale=1.0, offset=0.0):
    return tensor(name, [COUNT, rows, columns, channels], scale, offset).permute(0, 3, 1, 2).contiguous()


def half(values, which):
    """The places of one field of a checkerboard, as a map of half the width."""
    columns = values.shape[3]
    return torch.stack([values[:, :, row, (row + which) % 2:columns:2] for row in range(values.shape[2])], 2)


def write_stages(model):
    stages = {
        "analysis": model.encoder(given("analysis", 64, 96, 3, 0.5, 0.5)),
        "synthesis": model.decoder(given("synthesis", 4, 6, hyperprior.LATENT)),
        "hyper-analysis": model.hyper_analysis(given("hyper-analysis", 8, 12, hyperprior.LATENT, 4)),
        "hyper-synthesis": model.hyper_synthesis(given("hyper-synthesis", 2, 3, hyperprior.HYPER, 4)),
    }
    rows = torch.arange(8)[:, None]
    columns = torch.arange(12)[None]
    for i, group in enumerate(model.slices):
        parameters = given(f"parameters-{i}", 8, 12, hyperprior.FEATURES)
        if i > 0:
            parameters = parameters + group.previous(given(f"previous-{i}", 8, 12, hyperprior.SLICES[i - 1], 4))
        anchors = given(f"anchors-{i}", 8, 12, group.channels, 4) * ((rows + columns) % 2 == 0)
        stages[f"group-{i}-anchor"] = half(group.head(parameters), 0)
        stages[f"group-{i}-other"] = half(group.head(parameters + group.neighbours(anchors)), 1)
    return {name: sample(values, STAGE_SAMPLES) for name, values in stages.items()}


def write_loss(model, described):
    """The loss of the first noise with low rates, at which bits and errors count alike, and no doubtful rounding."""
    hyperprior.Run = SeededRun
    pictures = given("pictures", *PICTURE, 3, 0.5, 0.5)
    for seed in range(1, 10000):
        SeededRun.sources, SeededRun.doubtful = [Source(seed, i) for i in range(COUNT)], 0
        even = numpy.array([source.singles(1)[0] for source in SeededRun.sources])
        rates = torch.from_numpy(numpy.float32(hyperprior.ANCHORS - 1) * even ** numpy.float32(0.7))
        if not (rates[0] < 1.5 and 2 < rates[1] < 3):
            continue
        weights = library_weights(pictures, rates)
        model.zero_grad()
        loss, shown = hyperprior.loss_of(model, pictures, rates, weights)
        print(f"seed {seed}: {SeededRun.doubtful} doubtful")
        if SeededRun.doubtful == 0:
            break
    loss.backward()
    for entry, parameter in zip(described, model.parameters()):
        entry["gradient"] = sample(parameter.grad.flatten(), GRADIENT_SAMPLES)
    SeededRun.sources = [Source(seed, i) for i in range(COUNT)]
    for source in SeededRun.sources:
        source.singles(1)
    with torch.no_grad():
        per_pixel = 1 / (COUNT * PICTURE[0] * PICTURE[1])
        restored, bits, _ = model(pictures, rates, weights)
    return {
        "seed": seed,
        "pictures": [COUNT, *PICTURE, 3],
        "rates": rates.tolist(),
        "weights": weights.tolist(),
        "pytorch_weights": hyperprior.weights_of(pictures, rates).tolist(),
        "mean_squared_error": float(((restored - pictures).double() ** 2).mean()),
        "bits_per_pixel": float(bits.double().sum()) * per_pixel,
        "loss": float(shown),
    }


def main():
    torch.manual_seed(0)
    model, described = create()
    stages = write_stages(model)
    loss = write_loss(model, described)
    print(loss)
    for name, values in stages.items():
        print(name, values["magnitude"] / values["length"])
    for entry in described:
        print(entry["name"], entry["gradient"]["magnitude"] / entry["gradient"]["length"])
    with open(os.path.join(FOLDER, "network-hyperprior.json"), "w") as file:
        file.write('{\n"source": %s,\n"loss": %s,\n"stages": {\n' % (json.dumps("make_hyperprior_fixtures.py, PyTorch " + torch.__version__), json.dumps(loss)))
        file.write(",\n".join(f"{json.dumps(name)}: {json.dumps(values)}" for name, values in stages.items()))
        file.write('\n},\n"parameters": [\n' + ",\n".join(json.dumps(entry) for entry in described) + "\n]\n}\n")


main()
