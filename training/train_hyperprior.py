"""Trains the hyperprior model on GPUs or processors, from weights that `imagecodec train` wrote.

    python3 training/train_hyperprior.py photos --small cars --start-from first.safetensors --output gpu.safetensors --seconds 600
    torchrun --nproc_per_node 4 training/train_hyperprior.py … --checkpoint run.pt --resume

Needs PyTorch 1.13 or later, NumPy and Pillow. One picture in 20 of the first folder and one in 8 of the small ones, the first in ordinal order
included, are kept for validation. The output has 32 bits a weight and no fitted tables; `imagecodec train --epochs 0` adds those
(docs/hyperprior.md). Under torchrun each process takes an equal part of every batch, on a GPU of its own where there are any; the numbers
drawn, and but for rounding the weights learnt, are those of one process.
"""
import argparse
import math
import os
import time

import torch
import torch.distributed as distributed

import hyperprior_model as hyperprior
from optimizer import Optimizer
from pictures import Batch, Pool, list_pictures, middles
from visual import mixed_error, visual_error
from weights_file import read_weights, write_weights

LARGE_SIDE, SMALL_SIDE, SMALL_EVERY = 192, 128, 6
WARM_UP, CHECK_EVERY = 300, 75.0
RATES = (0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5)


class Step:
    """A training step for one shape of batch. On a GPU what takes many short kernels is recorded once and then replayed."""

    def __init__(self, model, optimizer, batch, error):
        self.model, self.optimizer, self.batch, self.error = model, optimizer, batch, error
        self.graph = None

    def differentiate(self):
        pictures = self.batch.pieces.permute(0, 3, 1, 2).float() / 255
        weights = hyperprior.weights_of(pictures, self.batch.rates)
        loss, shown = hyperprior.loss_of(self.model, pictures, self.batch.rates, weights, self.batch.noise, self.error, self.batch.count)
        self.optimizer.differentiate(loss, shown)

    def record(self):
        self.graph = record(self.differentiate)

    def __call__(self, number):
        self.batch.fill(number)
        self.graph.replay() if self.graph else self.differentiate()
        if distributed.is_initialized():
            distributed.all_reduce(self.optimizer.gradients)


def record(action):
    """An action as a graph of kernels, after three rounds that let libraries choose theirs."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            action()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        action()
    return graph


class Schedule:
    """How far a run is, by steps or by seconds; the learning rate rises and then falls as a cosine."""

    def __init__(self, args):
        self.args, self.done, self.before, self.begin = args, 0, 0.0, time.time()

    def seconds(self):
        return self.before + time.time() - self.begin

    def part(self, device):
        if self.args.steps:
            return self.done / self.args.steps
        part = torch.tensor(self.seconds() / self.args.seconds, dtype=torch.float64, device=device)
        if distributed.is_initialized():
            distributed.broadcast(part, 0)
        return part.item()

    def rate(self, part):
        return self.args.rate * min(1, (self.done + 1) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * part))


@torch.no_grad()
def validate(model, pictures):
    """Mean bits a pixel, PSNR and visual error at some rates, of rounded values and whole levels."""
    points = []
    for rate in RATES:
        bpp, psnr, seen = [], [], []
        for x in pictures.split(16):
            n = x.shape[0]
            restored, bits, _ = model(x, torch.full((n,), rate, device=x.device), torch.ones(n, device=x.device))
            restored = (restored.clamp(0, 1) * 255).round() / 255
            bpp.append(bits / (x.shape[2] * x.shape[3]))
            psnr.append(-10 * (restored - x).square().mean((1, 2, 3)).log10())
            seen.append(visual_error(restored, x))
        points.append(f"{torch.cat(bpp).mean():.4f}/{torch.cat(psnr).mean():.2f}/{torch.cat(seen).mean():.4f}")
    return " ".join(points)


def save(state, path):
    torch.save(state, path + ".part")
    os.replace(path + ".part", path)


def positive(kind):
    def parse(text):
        value = kind(text)
        if not value > 0:
            raise argparse.ArgumentTypeError(f"must be above 0, not {text}")
        return value
    return parse


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", help="the folder of photos, those in folders below included; at least 192 pixels each way")
    parser.add_argument("--small", required=True, help="a folder of pictures of 128 pixels or more each way, a third of every sixth step")
    parser.add_argument("--start-from", required=True, help="weights of a hyperprior model, 32 or 16 bits each")
    parser.add_argument("--output", required=True, help="where the weights go, as a safetensors file; written at every validation")
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--seconds", type=positive(float), help="how long to train; the learning rate falls as a cosine over them")
    length.add_argument("--steps", type=positive(int), help="the same in steps, which any machine repeats")
    parser.add_argument("--batch", type=positive(int), default=24, help="pieces of 192 pixels a step, or twice as many of 128 (default: 24)")
    parser.add_argument("--rate", type=positive(float), default=1e-3, help="the learning rate at its peak (default: 0.001)")
    parser.add_argument("--seed", type=int, default=1, help="what random numbers are drawn from (default: 1)")
    parser.add_argument("--visual", action="store_true", help="train for the eye: three quarters of the error is visual, see visual.py")
    parser.add_argument("--checkpoint", help="a file for the state of the run, written at every validation")
    parser.add_argument("--check-every", type=positive(float), default=CHECK_EVERY, help=f"seconds from one validation to the next (default: {CHECK_EVERY:g})")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint, if it is there; any number of processes may")
    args = parser.parse_args()
    if args.resume and not args.checkpoint:
        parser.error("--resume needs --checkpoint, the file to go on from")
    # torchrun says so in the environment.
    args.part, args.parts = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    if args.batch % args.parts:
        parser.error(f"--batch {args.batch} cannot be divided among {args.parts} processes")
    return args


def main():
    args = parse()
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = torch.backends.cudnn.benchmark = True
    on_gpu = torch.cuda.is_available()
    device = f"cuda:{os.environ.get('LOCAL_RANK', 0)}" if on_gpu else "cpu"
    if on_gpu:
        torch.cuda.set_device(device)
    if args.parts > 1:
        distributed.init_process_group("nccl" if on_gpu else "gloo")

    photos, photo_checks = list_pictures(args.photos, 20)
    small, small_checks = list_pictures(args.small, 8)
    pool = Pool(photos, small, (LARGE_SIDE, SMALL_SIDE), device)
    model = hyperprior.Model().to(device)
    weights = read_weights(args.start_from)
    weights.pop("table_corrections", None)
    model.load_state_dict(weights)
    optimizer = Optimizer(model)
    error = mixed_error if args.visual else hyperprior.squared_error

    def step_of(count, side, from_small):
        return Step(model, optimizer, Batch(pool, count, side, from_small, args.seed, args.part, args.parts, device), error)

    large, small_step = step_of(args.batch, LARGE_SIDE, 0), step_of(2 * args.batch, SMALL_SIDE, 2 * args.batch // 3)
    advance = optimizer.step
    if on_gpu:
        before = optimizer.state()
        hyperprior.Filter.in_bfloat16 = True
        for step in (large, small_step):
            step.batch.fill(0)
            step.record()
        advance = record(optimizer.step).replay
        optimizer.restore(before)

    schedule = Schedule(args)
    if args.resume and os.path.exists(args.checkpoint):
        state = torch.load(args.checkpoint, map_location="cpu")
        optimizer.restore(state["optimizer"])
        schedule.done, schedule.before = state["done"], state["seconds"]

    if args.part == 0:
        checks = {"photos": middles(photo_checks, 320, device), "small": middles(small_checks, 128, device)}
        # The mean of the weights of late is what is validated and written.
        mean_model = hyperprior.Model().to(device)

    def check(what):
        """The first process alone validates and writes; the others wait at the next step."""
        if args.part > 0:
            return
        hyperprior.Filter.in_bfloat16 = False
        mean_model.load_state_dict(optimizer.named_means())
        write_weights(mean_model.state_dict(), args.output, {"distortion": "visual"} if args.visual else {})
        if args.checkpoint:
            save({"optimizer": optimizer.state(), "done": schedule.done, "seconds": schedule.seconds()}, args.checkpoint)
        print(what, *(f"{name}: {validate(mean_model, pictures)}" for name, pictures in checks.items()), sep="\n  ", flush=True)

    if schedule.done == 0:
        check(f"{len(pool.photos)} photos and {len(pool.small)} small pictures; bits a pixel / dB / visual error")
    checked = time.time()
    while (progress := schedule.part(device)) < 1:
        optimizer.rate.fill_(schedule.rate(progress))
        (small_step if schedule.done % SMALL_EVERY == SMALL_EVERY - 1 else large)(schedule.done)
        advance()
        schedule.done += 1
        if on_gpu and schedule.done % 20 == 0:
            torch.cuda.synchronize()
        if time.time() - checked > args.check_every:
            check(f"step {schedule.done}, {schedule.seconds():.0f} s, loss {optimizer.loss.item():.4f}")
            checked = time.time()
    check(f"step {schedule.done}, the end, loss {optimizer.loss.item():.4f}")


if __name__ == "__main__":
    main()
