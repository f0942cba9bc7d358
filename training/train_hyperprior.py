"""Trains the hyperprior model on a GPU, from weights that `imagecodec train` wrote.

    python3 training/train_hyperprior.py photos --small cars --start-from first.safetensors --output gpu.safetensors --seconds 612

Needs PyTorch 2.4 or later, NumPy and Pillow. One picture in 20 of the first folder and one in 8 of the small ones, the first in ordinal order
included, are kept for validation. The output has 32 bits a weight and no fitted tables; an epoch of `imagecodec train` at next to no
learning rate adds those (docs/hyperprior.md).
"""
import argparse
import math
import os
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import torch
from PIL import Image

import hyperprior_model as hyperprior

SCALES = (1, 0.84, 0.71, 0.6, 0.5)
LARGE, SMALL = (24, 192), (48, 128)
SMALL_EVERY, FROM_SMALL = 6, 16
WARM_UP, CHECK_EVERY = 300, 75.0
RATES = (0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5)


def list_pictures(folder, interval):
    """The files to train on and those to validate with."""
    names = sorted(os.path.join(path, name) for path, _, files in os.walk(folder) for name in files if name.lower().endswith((".jpg", ".jpeg", ".png")))
    return [name for i, name in enumerate(names) if i % interval], names[::interval]


def load(job):
    """A picture at each of the scales at which it is still large enough."""
    path, scales, side = job
    image = Image.open(path).convert("RGB")
    arrays = []
    for scale in scales:
        size = (round(image.width * scale), round(image.height * scale))
        if min(size) >= side:
            arrays.append(np.asarray(image if scale == 1 else image.resize(size, Image.BICUBIC)))
    return arrays


class Pool:
    """Pictures on the device, and random pieces of them."""

    def __init__(self, photos, small, device, seed):
        self.random = np.random.default_rng(seed)
        with ProcessPoolExecutor(os.cpu_count()) as workers:
            self.photos, self.small = (
                [[torch.from_numpy(array.copy()).to(device) for array in arrays] for arrays in workers.map(load, jobs, chunksize=4) if arrays]
                for jobs in ([(path, SCALES, SMALL[1]) for path in photos], [(path, (1,), SMALL[1]) for path in small]))

    def cut(self, target, from_small):
        """Fills a batch, its first pictures with pieces of small ones."""
        side = target.shape[1]
        for i in range(target.shape[0]):
            pictures = self.small if i < from_small else self.photos
            fitting = []
            while not fitting:
                fitting = [scaled for scaled in pictures[self.random.integers(len(pictures))] if min(scaled.shape[:2]) >= side]
            picture = fitting[self.random.integers(len(fitting))]
            row, column = (self.random.integers(length - side + 1) for length in picture.shape[:2])
            piece = picture[row:row + side, column:column + side]
            target[i].copy_(piece.flip(1) if self.random.integers(2) else piece)


class Optimizer:
    """Muon (Jordan et al., 2024) for the wide convolutions of the transforms, Adam for everything else, and the mean of the weights of late."""

    def __init__(self, model):
        wide = {name for name, p in model.named_parameters() if p.dim() == 4 and name.startswith(("encoder", "decoder")) and min(p.shape[:2]) >= 48}
        self.muon = [p for name, p in model.named_parameters() if name in wide]
        self.adam = [p for name, p in model.named_parameters() if name not in wide]
        self.parameters = self.adam + self.muon
        device = self.parameters[0].device
        self.first_moments = [torch.zeros_like(p) for p in self.parameters]
        self.second_moments = [torch.zeros_like(p) for p in self.adam]
        self.means = [p.detach().clone() for p in self.parameters]
        self.steps, self.rate = torch.zeros((), device=device), torch.zeros((), device=device)
        self.usual_norm = torch.ones((), device=device)

    @torch.no_grad()
    def step(self, gradients):
        count = len(self.adam)
        self.steps += 1
        gradients = [g.nan_to_num(0, 0, 0) for g in self.clip(gradients)]

        torch._foreach_lerp_(self.first_moments[:count], gradients[:count], 0.1)
        torch._foreach_mul_(self.second_moments, 0.99)
        torch._foreach_addcmul_(self.second_moments, gradients[:count], gradients[:count], 0.01)
        scales = torch._foreach_div(self.second_moments, 1 - 0.99 ** self.steps)
        torch._foreach_sqrt_(scales)
        torch._foreach_add_(scales, 1e-8)
        changes = torch._foreach_div(self.first_moments[:count], scales)
        torch._foreach_mul_(changes, -self.rate / (1 - 0.9 ** self.steps))
        torch._foreach_add_(self.adam, changes)

        torch._foreach_lerp_(self.first_moments[count:], gradients[count:], 0.05)
        for p, ahead in zip(self.muon, torch._foreach_lerp(gradients[count:], self.first_moments[count:], 0.95)):
            self.step_muon(p, ahead)

        differences = torch._foreach_sub(self.parameters, self.means)
        torch._foreach_mul_(differences, torch.clamp(10 / (self.steps + 10), min=0.001))
        torch._foreach_add_(self.means, differences)

    def clip(self, gradients):
        """Gradients no longer than twice what they were of late."""
        norm = torch.stack(torch._foreach_norm(gradients)).norm()
        scale = (2 * self.usual_norm / norm).clamp(max=1.0)
        torch._foreach_mul_(gradients, torch.where(torch.isfinite(scale), scale, torch.zeros_like(scale)))
        lately = self.usual_norm * 0.98 + 0.02 * torch.minimum(norm, 2 * self.usual_norm)
        self.usual_norm.copy_(torch.where(self.steps < 20, norm, lately))
        return gradients

    def step_muon(self, p, ahead):
        """A step with all directions of a matrix at one length, as a share of the matrix's own root mean square singular value."""
        transposed = p.shape[-1] == 4
        as_matrix = (lambda t: t.transpose(0, 1).reshape(t.shape[1], -1)) if transposed else (lambda t: t.reshape(t.shape[0], -1))
        x, weights = as_matrix(ahead), as_matrix(p)
        high = x.shape[0] > x.shape[1]
        x = x.T if high else x
        x = x / (x.norm() + 1e-6)
        for _ in range(5):
            square = x @ x.T
            x = 3.4445 * x + (-4.7750 * square + 2.0315 * (square @ square)) @ x
        x = x.T if high else x
        change = x * ((weights.norm() / math.sqrt(min(weights.shape))).clamp(min=0.5) * self.rate)
        p -= change.reshape(p.shape[1], p.shape[0], 4, 4).transpose(0, 1) if transposed else change.reshape(p.shape)


class Step:
    """A training step for one shape of batch, recorded once on a GPU and then replayed: most of its kernels are shorter than their launch."""

    def __init__(self, model, optimizer, shape, device):
        count, side = shape
        self.model, self.optimizer = model, optimizer
        self.pieces = torch.zeros((count, side, side, 3), dtype=torch.uint8, device=device)
        self.loss = torch.zeros((), device=device)
        self.graph = None

    def run(self):
        pictures = self.pieces.permute(0, 3, 1, 2).float() / 255
        n, device = pictures.shape[0], pictures.device
        # One rate in each n-th of the range; the high ones, of finer detail, take longer to learn.
        even = (torch.arange(n, device=device) + torch.rand(n, device=device)) / n
        rates = (hyperprior.ANCHORS - 1) * even[torch.argsort(torch.rand(n, device=device))] ** 0.7
        loss, shown = hyperprior.loss_of(self.model, pictures, rates, hyperprior.weights_of(pictures, rates))
        self.optimizer.step(list(torch.autograd.grad(loss, self.optimizer.parameters)))
        self.loss.lerp_(shown, 0.02)

    def record(self):
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                self.run()
        torch.cuda.current_stream().wait_stream(stream)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.run()

    def __call__(self):
        self.graph.replay() if self.graph else self.run()


def middles(paths, side, device):
    """The middles of pictures: [n, 3, side, side]."""
    arrays = [np.asarray(Image.open(path).convert("RGB")) for path in paths]
    cut = [a[(a.shape[0] - side) // 2:, (a.shape[1] - side) // 2:][:side, :side] for a in arrays if min(a.shape[:2]) >= side]
    return torch.from_numpy(np.stack(cut)).to(device).permute(0, 3, 1, 2).float() / 255


@torch.no_grad()
def validate(model, pictures):
    """Mean bits a pixel and PSNR at some rates, of rounded values and whole levels."""
    points = []
    for rate in RATES:
        bpp, psnr = [], []
        for x in pictures.split(16):
            n = x.shape[0]
            restored, bits, _ = model(x, torch.full((n,), rate, device=x.device), torch.ones(n, device=x.device), noisy=False)
            restored = (restored.clamp(0, 1) * 255).round() / 255
            bpp.append(bits / (x.shape[2] * x.shape[3]))
            psnr.append(-10 * (restored - x).square().mean((1, 2, 3)).log10())
        points.append(f"{torch.cat(bpp).mean():.3f}/{torch.cat(psnr).mean():.2f}")
    return " ".join(points)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", help="the folder of photos, those in folders below included; at least 192 pixels each way")
    parser.add_argument("--small", required=True, help="a folder of pictures of 128 pixels or more each way, a third of every sixth step")
    parser.add_argument("--start-from", required=True, help="weights of a hyperprior model, 32 or 16 bits each")
    parser.add_argument("--output", required=True, help="where the weights go, as a safetensors file; written at every validation")
    parser.add_argument("--seconds", type=float, required=True, help="how long to train; the learning rate falls as a cosine over them")
    parser.add_argument("--rate", type=float, default=1e-3, help="the learning rate at its peak (default: 0.001)")
    parser.add_argument("--seed", type=int, default=1, help="what random numbers are drawn from (default: 1)")
    return parser.parse_args()


def main():
    args = parse()
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = torch.backends.cudnn.benchmark = True
    torch.manual_seed(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    photos, photo_checks = list_pictures(args.photos, 20)
    small, small_checks = list_pictures(args.small, 8)
    pool = Pool(photos, small, device, args.seed)
    checks = {"photos": middles(photo_checks, 320, device), "small": middles(small_checks, 128, device)}

    weights = hyperprior.read_weights(args.start_from)
    weights.pop("table_corrections", None)
    model, mean_model = (hyperprior.Model().to(device).to(memory_format=torch.channels_last) for _ in range(2))
    model.load_state_dict(weights)
    optimizer = Optimizer(model)
    names = {id(p): name for name, p in model.named_parameters()}
    large, small_step = (Step(model, optimizer, shape, device) for shape in (LARGE, SMALL))

    def check(what):
        hyperprior.Filter.in_bfloat16 = False
        with torch.no_grad():
            for p, mean in zip(optimizer.parameters, optimizer.means):
                mean_model.get_parameter(names[id(p)]).copy_(mean)
        hyperprior.write_weights(mean_model.state_dict(), args.output)
        print(what, *(f"{name}: {validate(mean_model, pictures)}" for name, pictures in checks.items()), sep="\n  ", flush=True)
        hyperprior.Filter.in_bfloat16 = True

    check(f"{len(pool.photos)} photos and {len(pool.small)} small pictures; bits a pixel / dB")
    if device == "cuda":
        for step, from_small in ((large, 0), (small_step, FROM_SMALL)):
            pool.cut(step.pieces, from_small)
            step.record()

    begin = checked = time.time()
    done = 0
    while (part := (time.time() - begin) / args.seconds) < 1:
        optimizer.rate.fill_(args.rate * min(1, (done + 1) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * part)))
        step, from_small = (small_step, FROM_SMALL) if done % SMALL_EVERY == SMALL_EVERY - 1 else (large, 0)
        pool.cut(step.pieces, from_small)
        step()
        done += 1
        if device == "cuda" and done % 20 == 0:
            torch.cuda.synchronize()
        if time.time() - checked > CHECK_EVERY:
            checked = time.time()
            check(f"step {done}, {checked - begin:.0f} s, loss {large.loss.item():.4f}")
    check(f"step {done}, the end, loss {large.loss.item():.4f}")


if __name__ == "__main__":
    main()
