"""Writes the PyTorch checkpoints of this folder and pytorch-expected.json, what PyTorch itself reads from them.

Made with PyTorch 1.13 (Debian's python3-torch): /usr/bin/python3 make_pytorch_fixtures.py
The expected values are the bits of 32-bit floats, so that comparisons are exact. All files but legacy.pth, which holds an
address of memory, come out the same each time.
"""
import collections
import json
import os
import struct
import zipfile

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
expected = {}


def bits(tensor):
    values = tensor.detach().to(torch.float32).reshape(-1).tolist()
    return [struct.unpack("<I", struct.pack("<f", v))[0] for v in values]


def describe(tensors):
    return [
        {"name": name, "shape": list(t.shape), "bits": bits(t)}
        for name, t in tensors.items()
        if torch.is_tensor(t) and t.is_floating_point()
    ]


def save(file, saved, tensors, **options):
    torch.save(saved, os.path.join(HERE, file), **options)
    if tensors is not None:
        expected[file] = describe(tensors)


def rewrite(source, file, change, method=zipfile.ZIP_STORED):
    """Copies a checkpoint entry by entry; what PyTorch reads from it stays the same."""
    with zipfile.ZipFile(os.path.join(HERE, source)) as old, zipfile.ZipFile(os.path.join(HERE, file), "w", method) as new:
        for entry in old.infolist():
            # ZipInfo has a fixed date, so that the script writes the same bytes each time.
            info = zipfile.ZipInfo(entry.filename)
            info.compress_type = method
            new.writestr(info, change(entry.filename, old.read(entry)))


torch.manual_seed(1)
model = torch.nn.Sequential(
    torch.nn.Conv2d(3, 2, 3),
    torch.nn.BatchNorm2d(2),
    torch.nn.ConvTranspose2d(2, 1, 3),
)

# A state dict as it comes: an ordered dictionary with _metadata, and an integer tensor that readers may leave out.
save("ordered.pth", model.state_dict(), model.state_dict())

base = torch.arange(24, dtype=torch.float32) / 7 - 1
special = [0.0, -0.0, 1.0, -1.5, float("inf"), float("-inf"), 6.0e-8, 65504.0]
views = {
    "float": torch.tensor(special),
    "half": torch.tensor(special, dtype=torch.float16),
    "bfloat": torch.tensor(special, dtype=torch.bfloat16),
    "double": torch.tensor(special + [1 / 3, 1e-50, 16777217.0], dtype=torch.float64),
    "scalar": torch.tensor(2.5),
    "empty": torch.zeros(0, 3),
    "whole": base.reshape(2, 3, 4),
    "transposed": base.reshape(2, 3, 4).permute(2, 0, 1),
    "strided": base[1::3],
    "offset": base[5:11].reshape(2, 3),
    "expanded": base[3:5].reshape(2, 1).expand(2, 5),
    "one_wide": base.as_strided((1, 4), (17, 2), 3),
    "half_view": torch.tensor(special, dtype=torch.float16)[::2],
    "long": torch.tensor([1, 2, 3]),
    "flags": torch.tensor([True, False]),
    "parameter": torch.nn.Parameter(base[:4].clone()),
    "größe": torch.tensor([1.0]),
}
save("views.pth", views, views)

optimizer = torch.optim.Adam(model.parameters())
model(torch.ones(2, 3, 6, 6)).sum().backward()
optimizer.step()
training = {
    "epoch": 3,
    "best": 1.25,
    "loss": torch.tensor(0.5),
    "note": None,
    "big": 1 << 40,
    "negative": -70000,
    "optimizer": optimizer.state_dict(),
    "state_dict": model.state_dict(),
}
save("nested.pth", training, model.state_dict())

rewrite("views.pth", "deflated.pth", lambda name, data: data, zipfile.ZIP_DEFLATED)
expected["deflated.pth"] = expected["views.pth"]

# The same numbers as a big-endian machine writes them. Storages are numbered in the order of the dictionary.
plain = {name: views[name] for name in ["float", "half", "bfloat", "double"]}
sizes = {"0": 4, "1": 2, "2": 2, "3": 8}
save("little.pth", plain, plain)


def swap(name, data):
    folder, _, key = name.rpartition("/")
    if not folder.endswith("/data"):
        return data
    size = sizes[key]
    return b"".join(data[i : i + size][::-1] for i in range(0, len(data), size))


def with_byte_order(file, order, change):
    rewrite("little.pth", file, change)
    with zipfile.ZipFile(os.path.join(HERE, file), "a") as archive:
        archive.writestr(zipfile.ZipInfo("little/byteorder"), order)


with_byte_order("big.pth", "big", swap)
expected["big.pth"] = expected["little.pth"]
with_byte_order("middle_order.pth", "middle", lambda name, data: data)

# What must be refused.
save("list.pth", [torch.ones(2)], None)
save("no_tensors.pth", {"epoch": 3, "best": 0.5}, None)
save("protocol4.pth", {"weight": torch.ones(2)}, None, pickle_protocol=4)
save("legacy.pth", {"weight": torch.ones(2)}, None, _use_new_zipfile_serialization=False)
save("module.pth", torch.nn.Linear(1, 1), None)
save("number_key.pth", {1: torch.ones(2)}, None)
save("too_large.pth", {"weight": torch.tensor([1e300], dtype=torch.float64)}, None)
save("bomb.pth", {"weight": torch.ones(1).expand(1 << 20, 1 << 20)}, None)


class Hostile:
    """Runs a command in whatever unpickles it blindly. The test looks for the file that it would make."""

    def __reduce__(self):
        return os.system, ("touch imagecodec-was-here",)


save("hostile.pth", {"weight": torch.ones(2), "extra": Hostile()}, None)


class HostileState:
    """Has a state, which Python hands to a method of the object's own (BUILD)."""

    def __reduce__(self):
        return collections.OrderedDict, (), [1]


save("hostile_state.pth", {"weight": torch.ones(2), "extra": HostileState()}, None)

with open(os.path.join(HERE, "pytorch-expected.json"), "w", encoding="utf-8", newline="\n") as out:
    json.dump(expected, out, ensure_ascii=False)
    out.write("\n")
