#!/usr/bin/python3
"""Times the four models at 128x128 in PyTorch and in ImageCodec, in turns in one run, and prints the ratios.

Needs PyTorch (Debian: python3-torch) and the benchmarks built: dotnet build -c Release benchmarks/ImageCodec.Benchmarks
Each side runs --rounds times in turn with the other; the fastest of each counts, so that a load that comes and goes hits both.
"""
import argparse
import os
import subprocess
import sys
import time

import torch
from torch import nn

ROOT = os.path.dirname(os.path.abspath(__file__))
EXE = os.path.join(ROOT, "ImageCodec.Benchmarks", "bin", "Release", "net10.0", "ImageCodec.Benchmarks.dll")
SIDE = 128


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
    encoder, decoder = create(name)
    result = {}
    for count in (1, 16):
        with torch.no_grad():
            picture = torch.full((count, 3, SIDE, SIDE), 0.5)
            latent = encoder(picture)
            result["encoder", count] = best(lambda: encoder(picture), seconds)
            result["decoder", count] = best(lambda: decoder(latent), seconds)
    picture = torch.rand(16, 3, SIDE, SIDE)
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-6)

    def step():
        optimizer.zero_grad()
        nn.functional.mse_loss(decoder(encoder(picture)), picture).backward()
        optimizer.step()

    result["training", 16] = best(step, 2 * seconds)
    return result


def run_dotnet(name, threads):
    lines = subprocess.run(["dotnet", EXE, "models", name, str(threads)], check=True, capture_output=True, text=True).stdout.splitlines()
    return {(what, int(count)): float(milliseconds) for _, what, count, milliseconds in map(str.split, lines)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--models", nargs="+", default=["baseline", "strided", "residual", "vae"])
    arguments = parser.parse_args()
    if not os.path.exists(EXE):
        sys.exit(f"{EXE} is missing; build it: dotnet build -c Release benchmarks/ImageCodec.Benchmarks")
    torch.set_num_threads(arguments.threads)
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads; milliseconds\n")
    print("| model | what | batch | PyTorch | ImageCodec | times faster |\n| --- | --- | --- | --- | --- | --- |")
    for name in arguments.models:
        theirs, ours = {}, {}
        for _ in range(arguments.rounds):
            for key, value in run_pytorch(name, arguments.seconds).items():
                theirs[key] = min(value, theirs.get(key, value))
            for key, value in run_dotnet(name, arguments.threads).items():
                ours[key] = min(value, ours.get(key, value))
        for times in (theirs, ours):
            for count in (1, 16):
                times["whole forward", count] = times["encoder", count] + times["decoder", count]
        for key in theirs:
            print(f"| {name} | {key[0]} | {key[1]} | {theirs[key]:.2f} | {ours[key]:.2f} | {theirs[key] / ours[key]:.1f} |", flush=True)


main()
