"""Makes binary.json and packed.safetensors in this folder: `/usr/bin/python3 make.py`, with PyTorch and numpy.

packed.safetensors is a net 11-3-2 whose weights numpy packed; packed.json holds them as numbers.
In binary.json everything is float64, by autograd alone. A case is a chain of layers, sign(W) a / sqrt(inputs), with signs or ReLU between, and holds

  arch, x (N rows), labels (N), theta (P: shadow weights, row-major, layer by layer; a real first layer has a bias)
  lossValue, errors, gradient (P): of the net itself, the gradient taken at sign(W) and passed straight through signs where |z| <= 1
  surrogates: by name, of the net that stands for it: lossValue, gradient, v, hessianProduct, hessianEigenvalues (ascending), hessianDiagonal
"""
import json
import os

import numpy as np
import torch
from torch.autograd.functional import hessian
from torch.nn.functional import cross_entropy, hardtanh, relu

FOLDER = os.path.dirname(os.path.abspath(__file__))

# words before the colon, widths, samples
CASES = [
    ("binary", [7, 5, 9, 3], 13),
    ("binary", [6, 4], 9),
    ("binary", [70, 5, 66, 3], 11),
    ("binary,relu", [7, 5, 9, 3], 13),
    ("binary,real-first", [6, 9, 5, 3], 12),
    ("binary,binary-input=0.25", [11, 7, 5, 3], 12),
]


class StraightThrough(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z):
        ctx.save_for_backward(z)
        return signs(z)

    @staticmethod
    def backward(ctx, g):
        z, = ctx.saved_tensors
        return g * (z.abs() <= 1)


def signs(z):
    return torch.where(z >= 0, 1.0, -1.0)


class Net:
    def __init__(self, words, widths):
        self.words, self.widths = words.split(","), widths
        self.shapes = []
        for index, (fan_in, fan_out) in enumerate(zip(widths, widths[1:])):
            self.shapes.append((fan_out, fan_in))
            if index == 0 and "real-first" in self.words:
                self.shapes.append((fan_out,))
        self.size = sum(int(np.prod(shape)) for shape in self.shapes)

    def forward(self, theta, x, weight, activation, near=None):
        """The outputs, with a map of binary weights and an activation; appends pre-activations to a list."""
        tensors = [part.view(shape) for part, shape in zip(theta.split([int(np.prod(s)) for s in self.shapes]), self.shapes)]
        threshold = [float(word.split("=")[1]) for word in self.words if word.startswith("binary-input")]
        x = signs(x - threshold[0]) if threshold else x
        at = 0
        for index in range(len(self.widths) - 1):
            w = tensors[at]
            if index == 0 and "real-first" in self.words:
                x = x @ w.T + tensors[1]
                at = 2
            else:
                x = x @ weight(w).T / self.widths[index] ** 0.5
                at += 1
            if index + 2 < len(self.widths):
                if near is not None:
                    near.append(x.detach())
                x = activation(x)
        return x

    def at_signs(self, theta):
        """theta with binary weights replaced by their signs."""
        real = int(np.prod(self.shapes[0])) + self.widths[1] if "real-first" in self.words else 0
        return torch.cat([theta[:real], signs(theta[real:])])


def surrogate(net, theta, x, y, v, activation):
    def loss(t):
        return cross_entropy(net.forward(t, x, lambda w: w, activation), y)
    leaf = theta.clone().requires_grad_()
    value = loss(leaf)
    gradient, = torch.autograd.grad(value, leaf)
    h = hessian(loss, theta)
    return {
        "theta": theta.tolist(), "lossValue": value.item(), "gradient": gradient.tolist(), "v": v.tolist(),
        "hessianProduct": (h @ v).tolist(), "hessianEigenvalues": torch.linalg.eigvalsh((h + h.T) / 2).tolist(),
        "hessianDiagonal": h.diag().tolist(),
    }


def kinks(net, theta, x, activation, points):
    near = []
    net.forward(theta, x, lambda w: w, activation, near)
    return min(((z - point).abs().min().item() for z in near for point in points), default=1)


def case(index, words, widths, count):
    net = Net(words, widths)
    uses_relu = "relu" in net.words
    activation, points = (relu, [0]) if uses_relu else (hardtanh, [-1, 1])
    for seed in range(1000):
        rng = np.random.default_rng([77, index, seed])
        theta = torch.tensor(np.round(rng.uniform(-1, 1, net.size), 3))
        x = torch.tensor(np.round(rng.standard_normal((count, widths[0])), 3))
        binary = net.at_signs(theta)
        at = {"none": binary} if uses_relu or len(widths) == 2 else {"hard-tanh-shadow": theta, "hard-tanh-binary": binary}
        if all(kinks(net, t, x, activation, points) > 1e-4 for t in at.values()):
            break
    else:
        raise SystemExit(f"{words}: every seed has a pre-activation near a kink")
    y = torch.tensor(rng.integers(widths[-1], size=count))
    v = torch.tensor(np.round(rng.standard_normal(net.size), 3))
    leaf = theta.clone().requires_grad_()
    through = relu if uses_relu else StraightThrough.apply
    # The gradient by the signs, laid on the shadow weights unchanged.
    outputs = net.forward(leaf, x, lambda w: w + (signs(w) - w).detach(), through)
    value = cross_entropy(outputs, y)
    gradient, = torch.autograd.grad(value, leaf)
    print(words, widths)
    return {
        "arch": words + ":" + "-".join(map(str, widths)), "x": x.tolist(), "labels": y.tolist(), "theta": theta.tolist(),
        "lossValue": value.item(), "errors": (outputs.argmax(1) != y).sum().item(), "gradient": gradient.tolist(),
        "surrogates": {name: surrogate(net, t, x, y, v, activation) for name, t in at.items()},
    }


def write_packed():
    """A model file as anyone may write it: the bits of each row, the first weight in the lowest."""
    rng = np.random.default_rng(5)
    shapes = {"0.weight": (3, 11), "2.weight": (2, 3)}
    weights = {name: rng.uniform(-1, 1, shape) for name, shape in shapes.items()}
    bits = {name + "_bits": np.packbits(w >= 0, axis=1, bitorder="little") for name, w in weights.items()}
    nodes = [{"name": "0", "type": "binary-dense", "inputs": 11, "outputs": 3}, {"name": "1", "type": "sign", "threshold": 0},
             {"name": "2", "type": "binary-dense", "inputs": 3, "outputs": 2}]
    header = {"__metadata__": {"quotient.network": json.dumps({"version": 1, "input": [11], "nodes": nodes})}}
    at = 0
    for name, packed in bits.items():
        header[name] = {"dtype": "U8", "shape": list(packed.shape), "data_offsets": [at, at + packed.nbytes]}
        at += packed.nbytes
    text = json.dumps(header).encode()
    with open(os.path.join(FOLDER, "packed.safetensors"), "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + b"".join(packed.tobytes() for packed in bits.values()))
    with open(os.path.join(FOLDER, "packed.json"), "w") as file:
        json.dump(np.concatenate([np.where(w >= 0, 1, -1).ravel() for w in weights.values()]).tolist(), file)


if __name__ == "__main__":
    write_packed()
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.double)
    cases = [case(index, *spec) for index, spec in enumerate(CASES)]
    with open(os.path.join(FOLDER, "binary.json"), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(one, separators=(",", ":")) for one in cases) + "\n]\n")
