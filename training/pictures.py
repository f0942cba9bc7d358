"""Pictures to train on, and batches of random pieces of them.

What a batch shows follows from the seed and the number of the step alone, so that a run which was broken off goes on as if it had not been,
with any number of processes.
"""
import os
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import torch
from PIL import Image

import hyperprior_model as hyperprior

SCALES = (1, 0.84, 0.71, 0.6, 0.5)


def list_pictures(folder, interval):
    """The files to train on and those to validate with."""
    names = sorted(os.path.join(path, name) for path, _, files in os.walk(folder) for name in files if name.lower().endswith((".jpg", ".jpeg", ".png")))
    return [name for i, name in enumerate(names) if i % interval], names[::interval]


def load(job):
    """A picture at each of the scales at which pieces can be cut out of it; none of a picture that is too small as it is."""
    path, scales, least, side = job
    image = Image.open(path).convert("RGB")
    sizes = [(round(image.width * scale), round(image.height * scale)) for scale in scales]
    if min(image.size) < least:
        return []
    return [np.asarray(image if size == image.size else image.resize(size, Image.BICUBIC)) for size in sizes if min(size) >= side]


def middles(paths, side, device):
    """The middles of the pictures that are large enough: [n, 3, side, side]."""
    arrays = [np.asarray(Image.open(path).convert("RGB")) for path in paths]
    cut = [a[(a.shape[0] - side) // 2:, (a.shape[1] - side) // 2:][:side, :side] for a in arrays if min(a.shape[:2]) >= side]
    if not cut:
        raise SystemExit(f"No picture to validate with has {side} pixels each way, among {len(paths)}.")
    return torch.from_numpy(np.stack(cut)).to(device).permute(0, 3, 1, 2).float() / 255


class Pool:
    """Photos, each at some scales, and small pictures, on the device."""

    def __init__(self, photos, small, sides, device):
        """sides: of the pieces, the larger first. Only photos that give both are taken."""
        jobs = ([(path, SCALES, sides[0], sides[1]) for path in photos], [(path, (1,), sides[1], sides[1]) for path in small])
        with ProcessPoolExecutor(os.cpu_count()) as workers:
            self.photos, self.small = (
                [[torch.from_numpy(array.copy()).to(device) for array in arrays] for arrays in workers.map(load, each, chunksize=4) if arrays] for each in jobs)
        for pictures, side, paths in ((self.photos, sides[0], photos), (self.small, sides[1], small)):
            if not pictures:
                raise SystemExit(f"No picture to train on has {side} pixels each way, among {len(paths)}.")


class Batch:
    """One process's part of the batches of a shape, in tensors that stay where they are: pieces of pictures, their rates, and noise."""

    def __init__(self, pool, count, side, from_small, seed, part, parts, device):
        self.pool, self.count, self.side, self.from_small, self.seed = pool, count, side, from_small, seed
        self.own = range(part * count // parts, (part + 1) * count // parts)
        self.generator = torch.Generator(device)
        self.pieces = torch.zeros((len(self.own), side, side, 3), dtype=torch.uint8, device=device)
        self.rates = torch.zeros(len(self.own), device=device)
        self.all_noise = [torch.zeros((n, rows, columns, channels), device=device).permute(0, 3, 1, 2)
                          for n, channels, rows, columns in hyperprior.noise_shapes(count, side)]
        self.noise = [values[self.own.start:self.own.stop] for values in self.all_noise]

    def fill(self, step):
        """Draws the whole batch, and keeps this process's part of it."""
        random = np.random.default_rng((self.seed, step))
        for i in range(self.count):
            piece = self.cut(random, self.pool.small if i < self.from_small else self.pool.photos)
            if i in self.own:
                self.pieces[i - self.own.start].copy_(piece)
        # One rate in each part of the range; the high ones, of finer detail, take longer to learn.
        even = (random.permutation(self.count) + random.random(self.count)) / self.count
        rates = (hyperprior.ANCHORS - 1) * even ** 0.7
        self.rates.copy_(torch.from_numpy(rates[self.own.start:self.own.stop]))
        self.generator.manual_seed(int(random.integers(2 ** 62)))
        for values in self.all_noise:
            values.uniform_(-0.5, 0.5, generator=self.generator)

    def cut(self, random, pictures):
        fitting = [scaled for scaled in pictures[random.integers(len(pictures))] if min(scaled.shape[:2]) >= self.side]
        picture = fitting[random.integers(len(fitting))]
        row, column = (random.integers(length - self.side + 1) for length in picture.shape[:2])
        piece = picture[row:row + self.side, column:column + self.side]
        return piece.flip(1) if random.integers(2) else piece
