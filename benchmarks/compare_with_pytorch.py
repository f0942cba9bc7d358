#!/usr/bin/python3
"""Times models in PyTorch and in ImageCodec, in turns in one run, and prints the ratios.

The four models and the hyperprior model at 128x128: networks and training steps. «photo», the default model, at 768x512 with its own weights: each of its
transforms, whose outputs are compared too.

Needs PyTorch (Debian: python3-torch) and the benchmarks built: dotnet build -c Release benchmarks/ImageCodec.Benchmarks
Each side runs --rounds times in turn with the other; the fastest of each counts, so that a load that comes and goes hits both.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time

import numpy
import torch
from torch import nn

ROOT = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(ROOT, "..", "training"))
import hyperprior_model as hyperprior  # noqa: E402

PHOTO = os.path.join(ROOT, "..", "src", "ImageCodec.Models", "Weights", "photo.safetensors")
EXE = os.path.join(ROOT, "ImageCodec.Benchmarks", "bin", "Release", "net10.0", "ImageCodec.Benchmarks.dll")
SIDE = 128

# Sums in another order differ in their last bits; anything else is a mistake. In mean magnitudes of the output.
TOLERANCE = 2e-4


class ResidualBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, 1, 1)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1)

    def forward(self, x):
        return x + self.conv2(torch.relu(self.conv1(x)))


def plain_decoder():
    return nn.Sequential(
        nn.ConvTranspose2d(16, 32, 3, 2, 1, 1), nn.ReLU(),
        nn.ConvTranspose2d(32, 128, 5, 2, 2, 1), nn.ReLU(),
        nn.ConvTranspose2d(128, 3, 7, 2, 3, 1), nn.Sigmoid())


def create(name):
    if name == "baseline":
        return nn.Sequential(
            nn.Conv2d(3, 128, 7, 1, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(128, 32, 5, 1, 2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 16, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(2)), plain_decoder()
    if name == "strided":
        return nn.Sequential(
            nn.Conv2d(3, 128, 7, 2, 3), nn.ReLU(),
            nn.Conv2d(128, 32, 5, 2, 2), nn.ReLU(),
            nn.Conv2d(32, 16, 3, 2, 1), nn.ReLU()), plain_decoder()
    if name == "residual":
        return nn.Sequential(
            nn.Conv2d(3, 128, 7, 2, 3), nn.ReLU(), ResidualBlock(128),
            nn.Conv2d(128, 32, 5, 2, 2), nn.ReLU(), ResidualBlock(32),
            nn.Conv2d(32, 16, 3, 2, 1), nn.ReLU()), nn.Sequential(
            ResidualBlock(16), nn.ConvTranspose2d(16, 32, 3, 2, 1, 1), nn.ReLU(),
            ResidualBlock(32), nn.ConvTranspose2d(32, 128, 5, 2, 2, 1), nn.ReLU(),
            ResidualBlock(128), nn.ConvTranspose2d(128, 3, 7, 2, 3, 1), nn.Sigmoid())
    sides = [3, 32, 64, 128, 256, 512]
    down, up = [], []
    for i in range(5):
        down += [nn.Conv2d(sides[i], sides[i + 1], 4, 2, 1), nn.ReLU()]
        up += [nn.ConvTranspose2d(sides[5 - i], sides[4 - i], 4, 2, 1), nn.ReLU() if i < 4 else nn.Sigmoid()]
    return (nn.Sequential(*down, nn.Flatten(), nn.Linear(8192, 128)),
            nn.Sequential(nn.Linear(128, 8192), nn.Unflatten(1, (512, 4, 4)), *up))


def best(run, seconds):
    # One thread is timed by the processor time it got, on both sides, so that others' work in between does not count.
    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    run()
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 3:
        start = clock()
        run()
        times.append(clock() - start)
    times.sort()
    return 1000 * times[len(times) // 20]


def run_pytorch(name, seconds):
    if name == "hyperprior":
        model = hyperprior.Model()
        encoder, decoder, parameters = model.encoder, model.decoder, list(model.parameters())
    else:
        encoder, decoder = create(name)
        parameters = [*encoder.parameters(), *decoder.parameters()]
    result = {}
    for count in (1, 16):
        with torch.no_grad():
            picture = torch.full((count, 3, SIDE, SIDE), 0.5)
            latent = encoder(picture)
            result["encoder", count] = best(lambda: encoder(picture), seconds)
            result["decoder", count] = best(lambda: decoder(latent), seconds)
    picture = torch.rand(16, 3, SIDE, SIDE)
    optimizer = torch.optim.Adam(parameters, lr=1e-6)

    def loss():
        if name == "hyperprior":
            rates = (hyperprior.ANCHORS - 1) * torch.rand(16) ** 0.7
            return hyperprior.loss_of(model, picture, rates, hyperprior.weights_of(picture, rates))[0]
        return nn.functional.mse_loss(decoder(encoder(picture)), picture)

    def step():
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()

    result["training", 16] = best(step, 2 * seconds)
    return result


def load_photo():
    model = hyperprior.Model()
    weights = hyperprior.read_weights(PHOTO)
    model.load_state_dict({name: weights[name] for name in model.state_dict()})
    return model


def other_half(values):
    """The places that are not anchor positions, as a map of half the width."""
    return torch.stack([values[:, :, row, (row + 1) % 2::2] for row in range(values.shape[2])], 2)


def whole(values):
    return values


def photo_transforms(model):
    """By name: the transform, the channels that it reads, and what the library computes of its output: PyTorch has no convolution for half of the places."""
    transforms = {
        "analysis": (model.encoder, 3, whole),
        "synthesis": (model.decoder, hyperprior.LATENT, whole),
        "hyper-analysis": (model.hyper_analysis, hyperprior.LATENT, whole),
        "hyper-synthesis": (model.hyper_synthesis, hyperprior.HYPER, whole),
    }
    for i, part in enumerate(model.slices):
        if i > 0:
            transforms[f"channel-context-{i}"] = part.previous, hyperprior.SLICES[i - 1], whole
        transforms[f"spatial-context-{i}"] = part.neighbours, part.channels, other_half
        transforms[f"head-{i}"] = part.head, hyperprior.FEATURES, whole
    return transforms


def read_floats(folder, name, channels, columns):
    values = numpy.fromfile(os.path.join(folder, name), "<f4")
    return torch.from_numpy(values).reshape(1, -1, columns, channels).permute(0, 3, 1, 2).contiguous()


def columns_of(name):
    """Of what a transform reads for a picture of 768x512."""
    if name == "analysis":
        return 768
    if name == "hyper-synthesis":
        return 768 // 64
    return 768 // 16 // (2 if name.startswith("head") else 1)


@torch.no_grad()
def compare_photo(rounds, seconds, threads):
    transforms = photo_transforms(load_photo())
    theirs, ours, apart = {}, {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for (name, _), value in run_dotnet("photo", "transforms", threads, seconds, folder).items():
                ours[name] = min(value, ours.get(name, value))
            for name, (transform, channels, part) in transforms.items():
                given = read_floats(folder, name + ".input", channels, columns_of(name))
                value = best(lambda: transform(given), seconds)
                theirs[name] = min(value, theirs.get(name, value))
                expected = part(transform(given))
                output = read_floats(folder, name + ".output", expected.shape[1], expected.shape[3])
                apart[name] = float((output - expected).abs().max() / expected.abs().mean())
    for name in transforms:
        print(f"| photo | {name} | 1 | {theirs[name]:.2f} | {ours[name]:.2f} | {theirs[name] / ours[name]:.1f} |", flush=True)
    farthest = max(apart, key=apart.get)
    print(f"\nOutputs differ by at most {apart[farthest]:.1e} of their mean magnitude ({farthest}).")
    if not apart[farthest] < TOLERANCE or set(ours) != set(transforms):
        sys.exit(f"The transforms of photo are not the same: {apart}")


def run_dotnet(name, *arguments):
    lines = subprocess.run(["dotnet", EXE, *map(str, arguments)], check=True, capture_output=True, text=True).stdout.splitlines()
    return {(what, int(count)): float(milliseconds) for model, what, count, milliseconds in map(str.split, lines) if model == name}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--models", nargs="+", default=["baseline", "strided", "residual", "vae", "hyperprior", "photo"])
    arguments = parser.parse_args()
    if not os.path.exists(EXE):
        sys.exit(f"{EXE} is missing; build it: dotnet build -c Release benchmarks/ImageCodec.Benchmarks")
    torch.set_num_threads(arguments.threads)
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads; milliseconds\n")
    print("| model | what | batch | PyTorch | ImageCodec | times faster |\n| --- | --- | --- | --- | --- | --- |")
    for name in arguments.models:
        if name == "photo":
            compare_photo(arguments.rounds, arguments.seconds, arguments.threads)
            continue
        theirs, ours = {}, {}
        for _ in range(arguments.rounds):
            for key, value in run_pytorch(name, arguments.seconds).items():
                theirs[key] = min(value, theirs.get(key, value))
            for key, value in run_dotnet(name, "models", name, arguments.threads).items():
                ours[key] = min(value, ours.get(key, value))
        for times in (theirs, ours):
            for count in (1, 16):
                times["whole forward", count] = times["encoder", count] + times["decoder", count]
        for key in theirs:
            print(f"| {name} | {key[0]} | {key[1]} | {theirs[key]:.2f} | {ours[key]:.2f} | {theirs[key] / ours[key]:.1f} |", flush=True)


main()
