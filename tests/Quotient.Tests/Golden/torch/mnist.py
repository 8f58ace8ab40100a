"""The golden values of a 784-32-10 net on the first 1000 training images of MNIST: scalars and projections only.

Parameters and vectors come from a formula in integers, so that any language makes the same doubles:

  h = (2654435761 * i + seed) mod 2^32;  h ^= h >> 16;  h = 2246822519 * h mod 2^32;  h ^= h >> 13
  value_i = scale * (h / 2^32 - 0.5)

i counts the whole flat vector, the scales are short binary fractions, and so every step is exact in double.
"""
import gzip
import os

import numpy as np
import torch
from scipy.sparse.linalg import LinearOperator, eigsh
from torch.autograd import grad
from torch.nn.functional import cross_entropy

from curvature import Net, hessian_product

WIDTHS, COUNT = [784, 32, 10], 1000
SCALES = {"0.weight": 0.1875, "0.bias": 0.25, "2.weight": 0.875, "2.bias": 0.25}
SEEDS = {"theta": 1, "v": 2, "w": 3}
FORMULA = ("h = (2654435761*i + seed) mod 2^32; h ^= h >> 16; h = 2246822519*h mod 2^32; h ^= h >> 13; "
           "value_i = scale*(h/2^32 - 0.5); i is the index in the flat vector; v and w have scale 1")


def hashed(seed, size):
    mask = np.uint64(2**32 - 1)
    h = (np.arange(size, dtype=np.uint64) * np.uint64(2654435761) + np.uint64(seed)) & mask
    h ^= h >> np.uint64(16)
    h = (h * np.uint64(2246822519)) & mask
    h ^= h >> np.uint64(13)
    return torch.tensor(h.astype(np.float64) / 2.0**32 - 0.5)


def read(folder):
    """Pixels / 255 and labels of the first images."""
    with gzip.open(os.path.join(folder, "mnist", "train-images-idx3-ubyte.gz")) as file:
        pixels = np.frombuffer(file.read(16 + COUNT * 784), np.uint8, offset=16)
    with gzip.open(os.path.join(folder, "mnist", "train-labels-idx1-ubyte.gz")) as file:
        labels = np.frombuffer(file.read(8 + COUNT), np.uint8, offset=8)
    return torch.tensor(pixels.reshape(COUNT, 784) / 255.0), torch.tensor(labels.astype(np.int64))


def fisher_diagonal(net, theta, x):
    """diag of the model Fisher, which is diag GGN, hence diag H: a gradient for each sample and class."""
    total = torch.zeros_like(theta)
    for sample in x:
        leaf = theta.clone().requires_grad_()
        log_p = net.forward(leaf, sample[None]).log_softmax(1)[0]
        for c, p in enumerate(log_p.exp().tolist()):
            g, = grad(log_p[c], leaf, retain_graph=True)
            total += p * g * g
    return total / len(x)


def extremes(product, size):
    """Five eigenvalues at either end, with the true residuals of the unit eigenvectors."""
    operator = LinearOperator((size, size), matvec=lambda v: product(torch.tensor(np.ravel(v))).numpy(), dtype=np.float64)
    ends = {}
    for name, which in (("top", "LA"), ("bottom", "SA")):
        start = hashed(7, size).numpy()
        values, vectors = eigsh(operator, k=5, which=which, tol=1e-13, ncv=60, v0=start)
        order = np.argsort(-values if name == "top" else values)
        residuals = [np.linalg.norm(operator @ vectors[:, i] - values[i] * vectors[:, i]) for i in order]
        if max(residuals) > 1e-11:
            raise SystemExit(f"the {name} eigenvalues did not converge: {residuals}")
        ends[name] = [values[i] for i in order]
    return ends


def gauss_newton_product(net, theta, x, v):
    """J^T (diag p - p p^T) J v / N; J v by the double-vjp trick."""
    theta = theta.clone().requires_grad_()
    f = net.forward(theta, x)
    u = torch.zeros_like(f, requires_grad=True)
    transpose, = grad(f, theta, grad_outputs=u, create_graph=True)
    jv, = grad(transpose, u, grad_outputs=v, retain_graph=True)
    p = f.detach().softmax(1)
    curved = (p * jv - p * (p * jv).sum(1, keepdim=True)) / len(x)
    return grad(f, theta, grad_outputs=curved)[0]

def mnist_case(folder):
    net = Net(WIDTHS, True)
    theta, v, w = (hashed(seed, net.size) for seed in SEEDS.values())
    for tensor, scale in zip(theta.split([int(np.prod(shape)) for shape in net.shapes]), SCALES.values()):
        tensor *= scale
    x, labels = read(folder)
    kink = net.distance_to_kink(theta, x)
    if kink < 1e-6:
        raise SystemExit(f"a pre-activation is {kink:.1e} from 0: take another seed")

    def product(vector):
        return hessian_product(net, cross_entropy, theta, x, labels, vector)[2]

    value, gradient, hessian = hessian_product(net, cross_entropy, theta, x, labels, v)
    gauss_newton = gauss_newton_product(net, theta, x, v)
    diagonal = fisher_diagonal(net, theta, x)
    entries = list(range(0, net.size, 1009))
    vectors = {"gradient": gradient, "hessianProduct": hessian, "gaussNewtonProduct": gauss_newton, "hessianDiagonal": diagonal}
    ends = extremes(product, net.size)
    return {
        "name": "mnist-784-32-10", "widths": WIDTHS, "bias": True, "loss": "ce", "data": f"mnist:train[0:{COUNT}]",
        "formula": FORMULA, "seeds": SEEDS, "scales": SCALES, "distanceToKink": kink,
        "thetaStart": theta[:4], "vStart": v[:4], "wStart": w[:4], "lossValue": value, "entries": entries,
        **{name: {"norm": vector.norm().item(), "dotV": (vector @ v).item(), "dotW": (vector @ w).item(),
                  "dotTheta": (vector @ theta).item(), "values": vector[entries].tolist()} for name, vector in vectors.items()},
        "trace": diagonal.sum().item(), "top": ends["top"], "bottom": ends["bottom"],
    }
