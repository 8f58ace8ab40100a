"""Makes relu.json, binary.json and real-first.json: `/usr/bin/python3 make_trainers.py`, with PyTorch and numpy.

Trains small nets in float64 by SAM, ASAM, BinaryNet, and replicas of SGD and BinaryNet, each written out here from its formulas; the
gradients are PyTorch's. A file holds, with P parameters, N samples and y replicas:

  arch, x (N rows), labels (N), starts (y rows of P; the first is theta)
  runs: optimiser, its constants, batchSize (the samples in their own order for every replica, the last batch smaller), and
    for some epochs the mean loss over the whole set and theta (P), both after that epoch; of replicas theta is the centre

Weights of 0 and pre-activations of exactly 0 and +-1 occur: binary layers have four inputs, so that a sum of signs is halved.
"""
import json
import os

from make import FOLDER, rounded

import numpy as np
import torch
from torch.nn.functional import cross_entropy, linear

EPOCHS = (1, 2, 4)
NESTEROV = {"lr": 0.05, "momentum": 0.9, "nesterov": True, "decay": 0.01}


class StraightThrough(torch.autograd.Function):
    """sign(z) with sign(0) = +1; the gradient passes where |z| <= 1."""

    @staticmethod
    def forward(ctx, z):
        ctx.save_for_backward(z)
        return torch.where(z >= 0, 1.0, -1.0)

    @staticmethod
    def backward(ctx, gradient):
        z, = ctx.saved_tensors
        return gradient * (z.abs() <= 1)


class Net:
    """Widths, and for each layer whether it is binary; dense layers have biases. theta is flat, weight then bias by layer."""

    def __init__(self, widths, binary):
        self.binary, self.shapes, self.is_binary, self.is_bias = binary, [], [], []
        for inputs, outputs, signs in zip(widths, widths[1:], binary):
            self.add((outputs, inputs), signs, False)
            if not signs:
                self.add((outputs,), False, True)

    def add(self, shape, binary, bias):
        size = int(np.prod(shape))
        self.shapes.append((shape, size))
        self.is_binary += [binary] * size
        self.is_bias += [bias] * size

    def forward(self, theta, x):
        parts = iter(torch.split(theta, [size for _, size in self.shapes]))
        shapes = iter(shape for shape, _ in self.shapes)
        for layer, signs in enumerate(self.binary):
            if layer:
                x = StraightThrough.apply(x) if any(self.binary) else torch.relu(x)
            weight = next(parts).view(next(shapes))
            if signs:
                x = linear(x, weight) / weight.shape[1] ** 0.5
            else:
                next(shapes)
                x = linear(x, weight, next(parts))
        return x

    def used(self, theta):
        """theta as the net uses it: signs in place of binary weights."""
        return torch.where(torch.tensor(self.is_binary), torch.where(theta >= 0, 1.0, -1.0), theta)

    def loss(self, theta, x, y):
        return cross_entropy(self.forward(self.used(theta), x), y).item()

    def gradient(self, theta, x, y):
        at = self.used(theta).requires_grad_()
        return torch.autograd.grad(cross_entropy(self.forward(at, x), y), at)[0]


class Sgd:
    def __init__(self, net, c):
        self.net, self.c, self.m = net, c, 0

    def gradient(self, theta, x, y):
        return self.net.gradient(theta, x, y)

    def step(self, theta, x, y):
        g = self.gradient(theta, x, y) + self.c.get("decay", 0) * theta
        mu = self.c.get("momentum", 0)
        self.m = mu * self.m + g
        return theta - self.c["lr"] * (g + mu * self.m if self.c.get("nesterov") else self.m)


class Sam(Sgd):
    def gradient(self, theta, x, y):
        g = self.net.gradient(theta, x, y)
        return self.net.gradient(theta + self.c["radius"] * g / g.norm(), x, y)


class Asam(Sgd):
    def gradient(self, theta, x, y):
        g = self.net.gradient(theta, x, y)
        t = torch.where(torch.tensor(self.net.is_bias), 1.0, theta.abs() + self.c["floor"])
        return self.net.gradient(theta + self.c["radius"] * t * t * g / (t * g).norm(), x, y)


class BinaryNet(Sgd):
    def step(self, theta, x, y):
        binary = torch.tensor(self.net.is_binary)
        self.m = self.c.get("momentum", 0) * self.m + self.gradient(theta, x, y)
        moved = theta - self.c["lr"] * torch.where(binary, 1.0, self.c["real_factor"]) * self.m
        return torch.where(binary, moved.clamp(-1, 1), moved)


class Single:
    """One theta that an optimiser moves."""

    def __init__(self, net, kind, c, starts, x, y):
        self.theta, self.optimiser = starts[0].clone(), kind(net, c)

    def step(self, epoch, x, y):
        self.theta = self.optimiser.step(self.theta, x, y)


class Replicated:
    """Replicas that a pull holds together; theta is their centre."""

    def __init__(self, net, kind, c, starts, x, y):
        self.c, self.w, self.each = c, [start.clone() for start in starts], [kind(net, c) for _ in starts]
        loss = np.mean([net.loss(w, x, y) for w in self.w])
        self.g0 = loss / np.mean([((w - self.centre()) ** 2).sum().item() for w in self.w])

    def centre(self):
        return sum(self.w) / len(self.w)

    def step(self, epoch, x, y):
        self.w = [each.step(w, x, y) for each, w in zip(self.each, self.w)]
        g = self.g0 * self.c["growth"] ** min(1, epoch / self.c["growth_epochs"])
        share, self.theta = min(1, 2 * self.c["lr"] * g), self.centre()
        self.w = [w - share * (w - self.theta) for w in self.w]


def train(net, name, c, starts, x, y, batch_size):
    kinds = {"sgd": Sgd, "sam": Sam, "asam": Asam, "binarynet": BinaryNet}
    trainer = (Replicated if "growth" in c else Single)(net, kinds[name], c, starts, x, y)
    reached = {}
    for epoch in range(1, max(EPOCHS) + 1):
        for first in range(0, len(x), batch_size):
            trainer.step(epoch, x[first:first + batch_size], y[first:first + batch_size])
        if epoch in EPOCHS:
            reached[epoch] = {"loss": net.loss(trainer.theta, x, y), "theta": trainer.theta.tolist()}
    return {"optimiser": name, **c, "batchSize": batch_size, "epochs": reached}


def write(name, arch, widths, binary, runs, count, seed):
    rng, net = np.random.default_rng(seed), Net(widths, binary)
    size = len(net.is_binary)
    x, y = rounded(rng, count, widths[0]), torch.tensor(rng.integers(widths[-1], size=count))
    starts = [torch.round(0.5 * rounded(rng, size), decimals=4).clamp(-1, 1) for _ in range(3)]
    starts[0][[3, -1]] = 0
    golden = {
        "arch": arch, "x": x.tolist(), "labels": y.tolist(), "starts": [start.tolist() for start in starts],
        "runs": [train(net, kind, c, starts, x, y, batch_size) for kind, c in runs for batch_size in (count, 4)],
    }
    with open(os.path.join(FOLDER, name + ".json"), "w") as file:
        json.dump(golden, file, separators=(",", ":"))
        file.write("\n")
    print(name)


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.double)
    write("relu", "5-6-4-3", [5, 6, 4, 3], [False] * 3, [
        ("sam", {**NESTEROV, "radius": 0.05}),
        ("sam", {"lr": 0.1, "radius": 0.5}),
        ("asam", {**NESTEROV, "radius": 0.5, "floor": 0.01}),
        ("sgd", {"lr": 0.1, "growth": 1e4, "growth_epochs": 4}),
        ("sgd", {**NESTEROV, "growth": 1e4, "growth_epochs": 3}),
        ("sam", {**NESTEROV, "radius": 0.05, "growth": 100, "growth_epochs": 10}),
    ], 11, 3)
    binary = [
        ("binarynet", {"lr": 3, "real_factor": 0.01}),
        ("binarynet", {"lr": 1, "momentum": 0.9, "real_factor": 0.1}),
        ("binarynet", {"lr": 3, "real_factor": 0.01, "growth": 1e4, "growth_epochs": 4}),
        ("binarynet", {"lr": 1, "momentum": 0.5, "real_factor": 0.01, "growth": 10, "growth_epochs": 4}),
    ]
    write("binary", "binary:5-4-4-4-3", [5, 4, 4, 4, 3], [True] * 4, binary, 11, 4)
    write("real-first", "binary,real-first:5-4-4-3", [5, 4, 4, 3], [False, True, True], binary, 11, 5)
