"""Writes the safetensors files of this folder from the format's description, with Python's standard library alone.

python3 make_safetensors_fixtures.py
The numbers are repeated in SafetensorsTests.cs.
"""
import json
import os
import struct

HERE = os.path.dirname(os.path.abspath(__file__))


def write(file, metadata, tensors):
    """tensors: (name, dtype, shape, bytes) in order."""
    header = {"__metadata__": metadata} if metadata else {}
    data = b""
    for name, dtype, shape, values in tensors:
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(os.path.join(HERE, file), "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + data)


weight = [0.0, -0.0, 1.5, -2.25, 1 / 3, 1e-20, 1e20, float("inf"), 3e-6, 65504.0, 2049.0, 0.1]
small = [0.0, -0.0, 1.5, -2.25, 1 / 3, 1e-20, 1e4, float("inf"), 3e-6, 65504.0, 2049.0, 0.1]
metadata = {"architecture": "baseline", "epochs": "600"}

for file, letter, dtype, values in [("single.safetensors", "f", "F32", weight), ("half.safetensors", "e", "F16", small)]:
    pack = lambda *numbers: struct.pack(f"<{len(numbers)}{letter}", *numbers)
    write(file, metadata, [
        ("encoder.0.weight", dtype, [2, 3, 1, 2], pack(*values)),
        ("empty", dtype, [0, 3], b""),
        ("encoder.0.bias", dtype, [2], pack(-1, 7)),
        ("scale", dtype, [], pack(0.5)),
    ])

# bfloat16 is the upper half of a float.
brain = b"".join(struct.pack("<f", v)[2:] for v in [1.0, -3.5, 1e30])
write("mixed.safetensors", {}, [
    ("größe", "F64", [2], struct.pack("<2d", 1 / 3, -1e-300)),
    ("counter", "I64", [], struct.pack("<q", 12)),
    ("brain", "BF16", [3, 1], brain),
    ("half", "F16", [2], struct.pack("<2e", 0.1, -65504.0)),
    ("flags", "BOOL", [3], b"\x01\x00\x01"),
    ("float", "F32", [1, 1, 1], struct.pack("<f", 0.1)),
])
