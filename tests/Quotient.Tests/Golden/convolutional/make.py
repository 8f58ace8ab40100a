"""Makes the JSON files in this folder: `/usr/bin/python3 make.py [name ...]`, with PyTorch and numpy; all of it in float64.

Hessian products are double backward; Gauss-Newton products are J^T (d2 l_n / df2) (J v) with products of J and J^T by backward and double
backward; top eigenvalues are those of a Lanczos iteration with full reorthogonalisation, whose residuals r bound their errors by r^2 over
the gap; diagonals, of which traces are the sums, are sums of squares of gradients of all outputs (diag H = diag GGN, since each output is
piecewise linear in each single parameter; a dense Hessian confirms it for the smallest net). Nothing here uses Quotient's formulas.

Parameters, inputs and vectors come from a formula in integers, so that any language makes the same doubles:

  h = (2654435761 * i + seed) mod 2^32;  h ^= h >> 16;  h = 2246822519 * h mod 2^32;  h ^= h >> 13;  u_i = h / 2^32 - 0.5

  theta_i = offset + scale * u_i, with the offset and scale of its tensor, i counting all of theta; running statistics likewise
  v_i = u_i
  x_i = ((3 row + 5 column (channel + 1) + 2 sample row) mod 16) / 16 + u_i / 2, i counting sample by sample, channels x height x width
  targets_i = u_i

Long vectors are kept as their norm, their products with v and theta, and 200 entries. The seed of theta is the first after which no
pre-activation lies near a kink and no pooling window has two largest values close by.
"""
import json
import os
import sys

# One thread and one BLAS kernel: the same bits wherever this runs.
TUNED = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "HASWELL"}
if any(os.environ.get(key) != value for key, value in TUNED.items()):
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **TUNED})

import numpy as np
import torch
from torch import nn
from torch.autograd import grad
from torch.autograd.functional import hessian
from torch.nn.functional import cross_entropy, hardtanh, unfold
from torch.nn.utils.stateless import functional_call

import nets

FOLDER = os.path.dirname(os.path.abspath(__file__))
SEEDS = {"v": 2, "x": 3, "targets": 4, "buffers": 5}
ENTRIES = 200

# name: the text of the architecture, the net, the shape of an input, the loss, samples, the distance from kinks wanted
CURVATURE = {
    "small-vgg": (nets.small_vgg.__doc__, nets.small_vgg, (3, 12, 12), "mse", 9, 1e-5),
    "lenet": ("lenet", nets.LeNet, (1, 28, 28), "ce", 12, 1e-5),
    "alexnet-small": ("alexnet-small", nets.AlexNetSmall, (3, 32, 32), "ce", 8, 3e-6),
    "resnet20": ("resnet20", nets.ResNet20, (3, 32, 32), "ce", 8, 1.5e-6),
}
BINARY = [(nets.binary_words, (2, 9, 9)), (nets.binary_lenet, (1, 16, 16)), (nets.binary_relu, (2, 7, 8))]


def hashed(seed, size):
    mask = np.uint64(2**32 - 1)
    h = (np.arange(size, dtype=np.uint64) * np.uint64(2654435761) + np.uint64(seed)) & mask
    h ^= h >> np.uint64(16)
    h = (h * np.uint64(2246822519)) & mask
    h ^= h >> np.uint64(13)
    return torch.tensor(h.astype(np.float64) / 2.0**32 - 0.5)


def inputs(count, shape):
    n, c, y, x = np.ogrid[:count, :shape[0], :shape[1], :shape[2]]
    pattern = torch.tensor(((3 * y + 5 * x * (c + 1) + 2 * n * y) % 16) / 16.0)
    return pattern + hashed(SEEDS["x"], pattern.numel()).view(pattern.shape) / 2


def range_of(name, tensor):
    """Offset and scale of a tensor's numbers, short binary fractions: those of He's initialisation, and some for the rest."""
    if name.endswith("running_mean"):
        return 0.0, 0.5
    if name.endswith("bn2.weight"):  # what a residual block adds, kept below what it is added to
        return 0.375, 0.25
    if name == "fc.weight":
        return 0.0, 0.25
    if name.endswith("running_var") or (name.endswith("weight") and tensor.dim() == 1):
        return 1.0, 0.5
    if name.endswith("bias"):
        return 0.0, 0.25
    return 0.0, round((24 / tensor[0].numel()) ** 0.5 * 1024) / 1024


class Flat:
    """A net as a function of one vector."""

    def __init__(self, net, ranges=range_of):
        self.net = net.double().eval()
        self.parameters = dict(net.named_parameters())
        self.buffers = {name: b for name, b in net.named_buffers() if not name.endswith("num_batches_tracked")}
        self.sizes = [p.numel() for p in self.parameters.values()]
        self.size = sum(self.sizes)
        self.ranges = {name: ranges(name, p) for name, p in [*self.parameters.items(), *self.buffers.items()]}
        self.fill(self.buffers, SEEDS["buffers"])

    def fill(self, tensors, seed):
        """Writes the formula's numbers, and returns them as one vector."""
        values = hashed(seed, sum(t.numel() for t in tensors.values()))
        parts = values.split([t.numel() for t in tensors.values()])
        with torch.no_grad():
            for (name, tensor), part in zip(tensors.items(), parts):
                offset, scale = self.ranges[name]
                tensor.copy_((offset + scale * part).view(tensor.shape))
        return torch.cat([t.detach().flatten() for t in tensors.values()]) if tensors else values

    def __call__(self, theta, x):
        parts = theta.split(self.sizes)
        tensors = {name: part.view(p.shape) for (name, p), part in zip(self.parameters.items(), parts)}
        return functional_call(self.net, tensors, (x,))

    def margin(self, theta, x):
        """The least distance of a pre-activation from its kink, and of the largest value in a window from the next."""
        least, hooks = [np.inf], []

        def activation(module, args, _):
            z = args[0].abs()
            least.append((z if isinstance(module, nn.ReLU) else (z - 1).abs()).min().item())

        def pooling(module, args, _):
            z = args[0]
            windows = unfold(z.flatten(0, 1)[:, None], module.kernel_size, stride=module.stride)
            top = windows.topk(2, 1)[0]
            # Where ReLU made both 0, neither varies.
            least.append((top[:, 0] - top[:, 1])[top.any(1)].min().item())

        for module in self.net.modules():
            if isinstance(module, (nn.ReLU, nets.Sign)):
                hooks.append(module.register_forward_hook(activation))
            elif isinstance(module, nn.MaxPool2d):
                hooks.append(module.register_forward_hook(pooling))
        with torch.no_grad():
            self(theta, x)
        for hook in hooks:
            hook.remove()
        return min(least)

    def theta_away_from_kinks(self, x, wanted):
        for seed in range(100, 1000):
            theta = self.fill(self.parameters, seed)
            if self.margin(theta, x) > wanted:
                return seed, theta
        raise SystemExit("every seed is near a kink")

    def describe(self, theta_seed):
        return {
            "seeds": {"theta": theta_seed, **SEEDS},
            **{key: [{"name": name, "offset": self.ranges[name][0], "scale": self.ranges[name][1]} for name in tensors]
               for key, tensors in (("tensors", self.parameters), ("buffers", self.buffers))},
        }


def loss_of(name):
    return cross_entropy if name == "ce" else lambda f, y: 0.5 * ((f - y) ** 2).sum() / len(f)


def gauss_newton_product(flat, theta, x, y, loss, v):
    leaf = theta.clone().requires_grad_()
    f = flat(leaf, x)
    u = torch.zeros_like(f, requires_grad=True)
    back, = grad(f, leaf, u, create_graph=True)
    jv, = grad(back @ v, u)
    each = [hessian(lambda t, n=n: loss(t[None], y[n:n + 1]), f[n].detach()) @ jv[n] / len(x) for n in range(len(x))]
    return grad(flat(leaf, x), leaf, torch.stack(each))[0]


def diagonal(flat, theta, x, y, loss):
    """diag GGN: B = sum over k of b_k b_k^T, and the squares of J^T b_k."""
    total = torch.zeros_like(theta)
    for n in range(len(x)):
        leaf = theta.clone().requires_grad_()
        f = flat(leaf, x[n:n + 1])[0]
        values, vectors = torch.linalg.eigh(hessian(lambda t: loss(t[None], y[n:n + 1]), f.detach()))
        for value, vector in zip(values, vectors.T):
            if value > 1e-14:
                total += value * grad(f @ vector, leaf, retain_graph=True)[0] ** 2 / len(x)
    return total


def sample_gradients(flat, theta, x, y, loss):
    for n in range(len(x)):
        leaf = theta.clone().requires_grad_()
        yield grad(loss(flat(leaf, x[n:n + 1]), y[n:n + 1]), leaf)[0]


def top_eigenvalues(product, size, count, most=400):
    """The largest eigenvalues, descending, once r^2 over the gap is below 1e-13 of the largest."""
    basis, alphas, betas = [torch.full((size,), size ** -0.5)], [], []
    basis[0] = basis[0] + hashed(6, size) / size ** 0.5
    basis[0] /= basis[0].norm()
    for step in range(min(most, size)):
        w = product(basis[-1])
        alphas.append((w @ basis[-1]).item())
        for _ in range(2):
            for q in basis:
                w -= (w @ q) * q
        beta = w.norm().item()
        if step > 2 * count:
            values, vectors = np.linalg.eigh(np.diag(alphas) + np.diag(betas, 1) + np.diag(betas, -1))
            residual = abs(beta * vectors[-1, ::-1])[:count]
            gap = np.diff(values[::-1][:count + 1] * -1)
            gap = np.minimum(gap, np.concatenate([[np.inf], gap[:-1]]))
            if (residual ** 2 / gap < 1e-13 * values[-1]).all() and (residual < 1e-3 * gap).all():
                return values[::-1][:count].tolist()
        betas.append(beta)
        basis.append(w / beta)
    raise SystemExit("the eigenvalues do not converge")


def summary(vector, v, theta, entries):
    vector = vector.detach()
    return {
        "norm": vector.norm().item(), "dotV": (vector @ v).item(), "dotTheta": (vector @ theta).item(), "values": vector[entries].tolist(),
    }


def agree(what, a, b, tolerance):
    error = ((a - b).abs().max() / b.abs().max()).item()
    if error > tolerance:
        raise SystemExit(f"{what} differ by {error:.1e} of the largest entry")


def curvature(name):
    arch, make, shape, loss_name, count, margin = CURVATURE[name]
    flat, loss = Flat(make()), loss_of(loss_name)
    x = inputs(count, shape)
    seed, theta = flat.theta_away_from_kinks(x, margin)
    v = hashed(SEEDS["v"], flat.size)
    outputs = 10
    y = torch.tensor([(7 * n + 3) % 10 for n in range(count)]) if loss_name == "ce" \
        else hashed(SEEDS["targets"], count * outputs).view(count, outputs)
    entries = np.unique(np.linspace(0, flat.size - 1, ENTRIES).astype(int)).tolist()

    leaf = theta.clone().requires_grad_()
    logits = flat(leaf, x)
    value = loss(logits, y)
    gradient, = grad(value, leaf, create_graph=True)

    def product(vector):
        return grad(gradient @ vector, leaf, retain_graph=True)[0]

    def in_short(vector):
        return summary(vector, v, theta, entries)

    diag = diagonal(flat, theta, x, y, loss)
    rows = list(sample_gradients(flat, theta, x, y, loss))
    agree(f"{name}: the gradient and the mean of the samples'", sum(rows) / count, gradient.detach(), 1e-11)
    if name == "small-vgg":
        dense = torch.stack([product(unit)[i] for i, unit in enumerate(torch.eye(flat.size))])
        agree(f"{name}: diag H and diag GGN", dense, diag, 1e-11)
    print(f"{name}: theta's seed {seed}, loss {value.item():.3f}, largest logit {logits.abs().max().item():.2f}", flush=True)
    write(name, {
        "arch": arch, "loss": loss_name, "samples": count, **flat.describe(seed),
        **({"labels": y.tolist()} if loss_name == "ce" else {}), "logits": logits.tolist(), "lossValue": value.item(), "entries": entries,
        "gradient": in_short(gradient), "hessianProduct": in_short(product(v)),
        "gaussNewtonProduct": in_short(gauss_newton_product(flat, theta, x, y, loss, v)),
        "empiricalFisherProduct": in_short(sum((g @ v) * g for g in rows) / count), "diagonal": in_short(diag),
        "trace": diag.sum().item(), "empiricalFisherTrace": sum((g @ g).item() for g in rows) / count,
        "top": top_eigenvalues(product, flat.size, 3),
    })


def training():
    """Two epochs of SGD with batch statistics, 22 samples in batches of 8, 8 and 6, in their order."""
    count, batch, rate, momentum, decay = 22, 8, 0.05, 0.9, 1e-3
    flat = Flat(nets.small_vgg())
    x = inputs(count, (3, 12, 12))
    theta = flat.fill(flat.parameters, 1)
    y = torch.tensor([(7 * n + 3) % 10 for n in range(count)])
    v = hashed(SEEDS["v"], flat.size)
    entries = np.unique(np.linspace(0, flat.size - 1, ENTRIES).astype(int)).tolist()
    optimiser = torch.optim.SGD(flat.net.parameters(), rate, momentum, weight_decay=decay)
    epochs = []
    for _ in range(2):
        flat.net.train()
        for first in range(0, count, batch):
            optimiser.zero_grad()
            cross_entropy(flat.net(x[first:first + batch]), y[first:first + batch]).backward()
            optimiser.step()
        flat.net.eval()
        reached = torch.cat([p.detach().flatten() for p in flat.net.parameters()])
        epochs.append({
            "theta": summary(reached, v, theta, entries), "buffers": torch.cat([b.flatten() for b in flat.buffers.values()]).tolist(),
            "loss": cross_entropy(flat.net(x), y).item(),
        })
    write("training", {
        "arch": nets.small_vgg.__doc__, "samples": count, **flat.describe(1), "labels": y.tolist(), "entries": entries, "batch": batch,
        "rate": rate, "momentum": momentum, "decay": decay, "epochs": epochs,
    })


def binary():
    """Forward passes of binary nets, and loss, gradient and Hv of the surrogate at the shadow weights, or at +-1 without signs."""
    cases = []
    for make, shape in BINARY:
        def ranges(name, tensor):
            module = make_net.get_submodule(name.rpartition(".")[0])
            return (0.0, 1.75) if isinstance(module, (nets.BinaryConv2d, nets.BinaryLinear)) else range_of(name, tensor)

        make_net = make()
        flat, count = Flat(make_net, ranges), 7
        x = inputs(count, shape)
        has_signs = any(isinstance(module, nets.Sign) for module in flat.net.modules())
        nets.BinaryConv2d.weights = nets.BinaryLinear.weights = staticmethod((lambda w: w) if has_signs else nets.signs)
        nets.Sign.activation = staticmethod(hardtanh)
        seed, theta = flat.theta_away_from_kinks(x, 1e-5)
        y = torch.arange(count) % flat(theta, x).shape[1]
        v = hashed(SEEDS["v"], flat.size)
        # Without signs, the weights are real parameters at +-1.
        nets.BinaryConv2d.weights = nets.BinaryLinear.weights = staticmethod(lambda w: w)
        leaf = (theta if has_signs else nets.signs(theta)).clone().requires_grad_()
        value = cross_entropy(flat(leaf, x), y)
        gradient, = grad(value, leaf, create_graph=True)
        product, = grad(gradient @ v, leaf)
        nets.BinaryConv2d.weights = nets.BinaryLinear.weights = nets.Sign.activation = staticmethod(nets.signs)
        entries = np.unique(np.linspace(0, flat.size - 1, ENTRIES).astype(int)).tolist()
        cases.append({
            "arch": make.__doc__, "samples": count, **flat.describe(seed), "labels": y.tolist(), "entries": entries,
            "logProbabilities": flat(theta, x).log_softmax(1).tolist(), "surrogate": "hard-tanh-shadow" if has_signs else "binary-weights",
            "lossValue": value.item(), "gradient": summary(gradient, v, theta, entries), "hessianProduct": summary(product, v, theta, entries),
        })
    write("binary", cases)


def write(name, value):
    with open(os.path.join(FOLDER, f"{name}.json"), "w") as file:
        json.dump(value, file, separators=(",", ":"), ensure_ascii=False)
        file.write("\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.double)
    for name in sys.argv[1:] or [*CURVATURE, "training", "binary"]:
        {"training": training, "binary": binary}.get(name, lambda: curvature(name))()
