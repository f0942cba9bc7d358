"""The library's weights files, in the safetensors format."""
import json
import struct

import numpy as np
import torch


def read_weights(path):
    """The tensors of a safetensors file, as floats."""
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        head, data = json.loads(file.read(length)), file.read()
    types = {"F16": np.float16, "F32": np.float32}
    tensors = {}
    for name, entry in head.items():
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            values = np.frombuffer(data[first:last], types[entry["dtype"]]).astype(np.float32)
            tensors[name] = torch.from_numpy(values.reshape(entry["shape"]))
    return tensors


def write_weights(tensors, path, card):
    """Writes a safetensors file of single precision that the library reads as a hyperprior model. card: more that it says of itself."""
    head, blobs, offset = {"__metadata__": {"architecture": "hyperprior", **card}}, [], 0
    for name, tensor in tensors.items():
        blob = tensor.detach().float().cpu().contiguous().numpy().tobytes()
        head[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(blob)]}
        offset += len(blob)
        blobs.append(blob)
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.writelines(blobs)
