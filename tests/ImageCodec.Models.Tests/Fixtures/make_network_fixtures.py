#!/usr/bin/python3
"""Writes network-*.json and strided.pth, which the tests hold against this library's networks.

Run where PyTorch is installed (Debian: python3-torch, version 1.13): python3 make_network_fixtures.py
Weights, pictures and targets are not stored: they come from a formula that the tests compute too.
Each file holds samples of the latent, the picture and the gradients of
  mean((picture - target)^2) [+ mean(log-variance^2) / 100 for the VAE].
"""
import json
import math
import os

import numpy
import torch
from torch import nn

SAMPLES = 150
GRADIENT_SAMPLES = 12


def numbers(name, count):
    """count numbers in [-1, 1): SplitMix64 from the FNV-1a hash of a name."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = (state ^ byte) * 0x100000001B3 % (1 << 64)
    with numpy.errstate(over="ignore"):
        z = numpy.uint64(state) + numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        z = z ^ (z >> numpy.uint64(31))
    return (z >> numpy.uint64(40)).astype(numpy.float64) / (1 << 23) - 1


def tensor(name, shape, scale=1.0, offset=0.0):
    values = numbers(name, math.prod(shape)) * scale + offset
    return torch.from_numpy(values.astype(numpy.float32).reshape(shape))


class ResidualBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, 1, 1)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1)

    def forward(self, x):
        return x + self.conv2(torch.relu(self.conv1(x)))


class Plain(nn.Module):
    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def encode(self, x):
        return self.encoder(x), None

    def decode(self, z):
        return self.decoder(z)


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        sides = [3, 32, 64, 128, 256, 512]
        layers = []
        for i in range(5):
            layers += [nn.Conv2d(sides[i], sides[i + 1], 4, 2, 1), nn.ReLU()]
        self._encoder = nn.Sequential(*layers)
        self.fc_mu = nn.Linear(8192, 128)
        self.fc_logvar = nn.Linear(8192, 128)
        self.decoder_input = nn.Linear(128, 8192)
        layers = []
        for i in range(5):
            layers += [nn.ConvTranspose2d(sides[5 - i], sides[4 - i], 4, 2, 1), nn.ReLU() if i < 4 else nn.Sigmoid()]
        self._decoder = nn.Sequential(*layers)

    def encode(self, x):
        features = self._encoder(x).flatten(1)
        return self.fc_mu(features)[:, :, None, None], self.fc_logvar(features)

    def decode(self, z):
        return self._decoder(self.decoder_input(z.flatten(1)).view(-1, 512, 4, 4))


def plain_decoder():
    return nn.Sequential(
        nn.ConvTranspose2d(16, 32, 3, 2, 1, 1), nn.ReLU(),
        nn.ConvTranspose2d(32, 128, 5, 2, 2, 1), nn.ReLU(),
        nn.ConvTranspose2d(128, 3, 7, 2, 3, 1), nn.Sigmoid())


def create(name):
    if name == "baseline":
        return Plain(nn.Sequential(
            nn.Conv2d(3, 128, 7, 1, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(128, 32, 5, 1, 2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 16, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(2)), plain_decoder())
    if name == "strided":
        return Plain(nn.Sequential(
            nn.Conv2d(3, 128, 7, 2, 3), nn.ReLU(),
            nn.Conv2d(128, 32, 5, 2, 2), nn.ReLU(),
            nn.Conv2d(32, 16, 3, 2, 1), nn.ReLU()), plain_decoder())
    if name == "residual":
        return Plain(nn.Sequential(
            nn.Conv2d(3, 128, 7, 2, 3), nn.ReLU(), ResidualBlock(128),
            nn.Conv2d(128, 32, 5, 2, 2), nn.ReLU(), ResidualBlock(32),
            nn.Conv2d(32, 16, 3, 2, 1), nn.ReLU()), nn.Sequential(
            ResidualBlock(16), nn.ConvTranspose2d(16, 32, 3, 2, 1, 1), nn.ReLU(),
            ResidualBlock(32), nn.ConvTranspose2d(32, 128, 5, 2, 2, 1), nn.ReLU(),
            ResidualBlock(128), nn.ConvTranspose2d(128, 3, 7, 2, 3, 1), nn.Sigmoid()))
    return Vae()


def terms(name, shape):
    """About how many products one output sums up, so that activations neither die nor explode."""
    if len(shape) == 2:
        return shape[1]
    area = shape[2] * shape[3]
    return shape[0] * area / 4 if "decoder" in name and "conv" not in name else shape[1] * area


def fill(model):
    described = []
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            shape = list(parameter.shape)
            scale = 0.1 if len(shape) == 1 else math.sqrt(6 / terms(name, shape)) * (0.3 if "conv2" in name else 1)
            parameter.copy_(tensor(name, shape, scale))
            described.append({"name": name, "shape": shape, "scale": scale})
    return described


def sample(values, count):
    """Channels last, as the library keeps its tensors; samples spread evenly, and sums over all values."""
    flat = values.detach().permute(0, 2, 3, 1).flatten() if values.dim() == 4 else values.detach().flatten()
    every = max(1, len(flat) // count)
    exact = flat.double()
    return {
        "length": len(flat),
        "every": every,
        "values": [float(v) for v in flat[::every]],
        "sum": float(exact.sum()),
        "magnitude": float(exact.abs().sum()),
    }


def write(name, height, width):
    model = create(name)
    parameters = fill(model)
    picture = tensor("picture", [2, height, width, 3], 0.5, 0.5).permute(0, 3, 1, 2).contiguous()
    target = tensor("target", [2, height, width, 3], 0.5, 0.5).permute(0, 3, 1, 2).contiguous()
    latent, log_variance = model.encode(picture)
    decoded = model.decode(latent)
    loss = ((decoded - target) ** 2).mean()
    if log_variance is not None:
        loss = loss + (log_variance ** 2).mean() / 100
    loss.backward()
    for described, parameter in zip(parameters, model.parameters()):
        # The order of values in weights files, which is PyTorch's.
        described["gradient"] = sample(parameter.grad.flatten(), GRADIENT_SAMPLES)
    result = {
        "source": "make_network_fixtures.py, PyTorch " + torch.__version__,
        "pictures": [2, height, width, 3],
        "parameter_count": sum(p.numel() for p in model.parameters()),
        "latent": sample(latent, SAMPLES),
        "decoded": sample(decoded, SAMPLES),
        "loss": float(loss),
        "parameters": parameters,
    }
    if log_variance is not None:
        result["log_variance"] = sample(log_variance, SAMPLES)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), f"network-{name}.json"), "w") as file:
        json.dump(result, file, indent=1)
        file.write("\n")
    print(name, result["parameter_count"], result["loss"], result["latent"]["magnitude"] / result["latent"]["length"], float(decoded.std()))
    return model


def main():
    torch.manual_seed(0)
    for architecture in ["baseline", "strided", "residual"]:
        model = write(architecture, 24, 32)
        if architecture == "strided":
            torch.save(model.state_dict(), os.path.join(os.path.dirname(os.path.abspath(__file__)), "strided.pth"))
    write("vae", 128, 128)


if __name__ == "__main__":
    main()
