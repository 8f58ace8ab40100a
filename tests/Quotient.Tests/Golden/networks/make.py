"""Writes the safetensors files beside it, laid out as PyTorch's writer does, and expected.json: what is in them.

The format is written out here by hand, from its description, so that the tests compare two independent writers.
Run: python3 make.py   (numpy only; the same bytes every time)
"""

import json
import pathlib
import struct

import numpy as np

HERE = pathlib.Path(__file__).parent
WIDTH = {"F16": 2, "BF16": 2, "F32": 4, "F64": 8}


def encode(values, dtype):
    if dtype == "BF16":
        bits = np.asarray(values, "<f4").view("<u4")
        assert not np.any(bits & 0xFFFF), "not a bfloat16 value"
        return (bits >> 16).astype("<u2").tobytes()
    return np.asarray(values, {"F16": "<f2", "F32": "<f4", "F64": "<f8"}[dtype]).tobytes()


def write(name, tensors, metadata=None):
    """tensors: name -> (dtype, array). Larger types first, then by name, as the reference writer sorts."""
    header, data = {}, b""
    if metadata is not None:
        header["__metadata__"] = metadata
    for key, (dtype, values) in sorted(tensors.items(), key=lambda item: (-WIDTH[item[1][0]], item[0])):
        payload = encode(values, dtype)
        header[key] = {"dtype": dtype, "shape": list(values.shape), "data_offsets": [len(data), len(data) + len(payload)]}
        data += payload
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    (HERE / name).write_bytes(struct.pack("<Q", len(text)) + text + data)


def grid(shape, seed, step=1 / 16):
    """Values that every format holds exactly: whole multiples of a power of two."""
    return np.random.default_rng(seed).integers(-64, 65, shape) * step


def chain(names, widths, dtype, bias=lambda i: True, step=1 / 16):
    tensors = {}
    for i, name in enumerate(names):
        tensors[name + ".weight"] = (dtype, grid((widths[i + 1], widths[i]), 2 * i, step))
        if bias(i):
            tensors[name + ".bias"] = (dtype, grid((widths[i + 1],), 2 * i + 1, step))
    return tensors


expected = {}


def case(file, names, widths, tensors, stored, metadata=None):
    write(file, tensors, metadata)
    theta = []
    for name in names:
        for suffix in (".weight", ".bias"):
            if name + suffix in tensors:
                theta += [float(value) for value in tensors[name + suffix][1].ravel()]
    expected[file] = {"names": names, "widths": widths, "stored": stored, "parameters": theta}


def main():
    names, widths = ["0", "2", "4"], [5, 4, 3, 2]
    case("sequential.safetensors", names, widths, chain(names, widths, "F32"), "Single")

    # As a sequence with dropout numbers them: by letters, 12 comes before 3, and the widths would chain all the same.
    names, widths = ["0", "3", "6", "9", "12"], [3, 3, 2, 3, 3, 3]
    case("deep.safetensors", names, widths, chain(names, widths, "F32"), "Single", {"format": "pt"})

    names, widths = ["module.fc1", "module.fc2", "module.fc10", "module.out"], [6, 1, 7, 2, 3]
    case("names.safetensors", names, widths, chain(names, widths, "F32", lambda i: i != 2), "Single", {"format": "pt"})

    names, widths = ["0", "2"], [3, 4, 2]
    case("no-bias-double.safetensors", names, widths, chain(names, widths, "F64", lambda i: False, 1 / 3), "Double")

    # Subnormals, the largest finite values, and both zeros widen exactly or not at all.
    half = np.array([2.0**-24, 1023 * 2.0**-24, 2.0**-14, 65504, -65504, 0.0, -0.0, 1 + 2.0**-10]).reshape(2, 4)
    case("half.safetensors", ["linear"], [4, 2], {"linear.weight": ("F16", half), "linear.bias": ("F16", grid((2,), 7))}, "Single")
    brain = np.array([2.0**-133, 255 * 2.0**120, -255 * 2.0**120, 2.0**-126, -0.0, 1 + 2.0**-7]).reshape(3, 2)
    case("bfloat.safetensors", ["linear"], [2, 3], {"linear.weight": ("BF16", brain)}, "Single")

    mixed = chain(["a", "b"], [2, 3, 2], "F32")
    mixed["b.bias"] = ("F64", np.array([1 / 3, -2 / 3]))
    mixed["a.bias"] = ("F16", grid((3,), 5))
    case("mixed.safetensors", ["a", "b"], [2, 3, 2], mixed, "Double")

    # The names alone would be read in another order, and would not chain.
    names, widths = ["first", "second", "classifier"], [4, 3, 5, 2]
    nodes = []
    for i, name in enumerate(names):
        if i > 0:
            nodes.append({"type": "relu", "name": "act%d" % i})
        nodes.append({"name": name, "type": "dense", "inputs": widths[i], "outputs": widths[i + 1], "bias": i != 1})
    nodes[-1]["from"] = [len(nodes) - 2]
    network = json.dumps({"version": 1, "input": [1, 2, 2], "nodes": nodes})
    case("described.safetensors", names, widths, chain(names, widths, "F32", lambda i: i != 1), "Single",
         {"format": "pt", "quotient.network": network, "quotient.training": '[{"epoch":1}]'})

    (HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


main()
