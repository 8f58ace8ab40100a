"""Makes residual.json in this folder: `/usr/bin/python3 make.py`, with PyTorch and numpy.

Random graphs of dense layers, ReLUs, sums and flattens, each on a few random samples, and what PyTorch finds of them in float64
by the plainest route: Hessian products by double backward, diagonals and traces from dense Hessians, the Gauss-Newton matrix as a sum
over samples of J_n^T (d2 l_n / df2) J_n. Nothing here uses the formulas that Quotient uses.

A case holds, with P parameters, N samples, C outputs:

  loss ("ce": mean cross-entropy on logits; "mse": mean over samples of half the squared distance)
  input ([channels] or [channels, height, width]), nodes (type, from: positions of the nodes read, -1 for the data; outputs, bias)
  x (N rows), labels (N) or targets (N rows), theta (P; node by node, weight out x in row-major, then bias), v (P)
  lossValue, gradient (P), hessianProduct, gaussNewtonProduct (P each), diagonal (P, of both matrices), trace

diag H = diag GGN because each output is piecewise linear in each single parameter; the script checks it.
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
from torch.autograd import grad
from torch.autograd.functional import hessian, jacobian
from torch.nn.functional import cross_entropy

FOLDER = os.path.dirname(os.path.abspath(__file__))
COUNT = 48


class Graph:
    """A network as a list of nodes, in the order in which they are computed."""

    def __init__(self, rng, index):
        self.rng, self.nodes, self.shapes = rng, [], []
        self.input = [2, 2, 2] if index % 4 == 3 else [int(rng.integers(3, 7))]
        self.bias = index % 3 != 2
        self.width = int(rng.integers(3, 7))
        end = self.chain(index)
        if index % 5 == 4:  # a sum as output, of two dense layers that read the same signal
            count = int(rng.integers(2, 5))
            self.add("sum", [self.dense(end, count), self.dense(end, count)])
        else:
            self.dense(end, int(rng.integers(2, 5)))

    def add(self, kind, sources, **fields):
        shape = [fields["outputs"]] if kind == "dense" else self.shape_of(sources[0])
        self.shapes.append([int(np.prod(shape))] if kind == "flatten" else shape)
        self.nodes.append({"type": kind, "from": sources, **fields})
        return len(self.nodes) - 1

    def shape_of(self, node):
        return self.input if node < 0 else self.shapes[node]

    def dense(self, source, outputs=None):
        return self.add("dense", [source], outputs=outputs or self.width, bias=bool(self.bias and self.rng.random() < 0.9))

    def chain(self, index):
        """The trunk: blocks of every sort, one of which is always the graph's own (index)."""
        end = -1
        if index % 4 == 3 and index % 8 == 3:
            end = self.add("flatten", [end])
        if index % 7 == 5:
            end = self.add("relu", [end])
        end = self.dense(end)
        blocks = [self.plain, self.residual, self.pre_activated, self.nested, self.three, self.dense_net, self.twice, self.doubled]
        for block in [blocks[index % len(blocks)]] + [blocks[self.rng.integers(len(blocks))] for _ in range(int(self.rng.integers(0, 3)))]:
            end = block(end)
            if self.rng.random() < 0.4:
                end = self.add("relu", [end])
            if self.rng.random() < 0.2:
                end = self.add("flatten", [end])
        return end

    def plain(self, end):
        return self.add("relu", [self.dense(end)])

    def residual(self, end):
        """relu(x + f(x)), f of one to three layers."""
        inner = end
        for _ in range(int(self.rng.integers(1, 4))):
            inner = self.dense(self.add("relu", [inner]) if inner != end else inner)
        return self.add("relu", [self.add("sum", [inner, end])])

    def pre_activated(self, end):
        """x + W relu(x)."""
        return self.add("sum", [end, self.dense(self.add("relu", [end]))])

    def nested(self, end):
        """x + f(y), y = x + g(x), with y read three times."""
        middle = self.add("sum", [self.plain(end), end])
        inner = self.add("sum", [self.dense(middle), middle])
        return self.add("sum", [end, self.plain(inner)] + ([middle] if self.rng.random() < 0.5 else []))

    def three(self, end):
        """A sum of three, one of which is far before it."""
        first = self.plain(end)
        second = self.dense(first)
        return self.add("sum", [second, first, end])

    def dense_net(self, end):
        """Every layer reads the sum of all before it."""
        signals = [end]
        for _ in range(3):
            total = self.add("sum", signals[:]) if len(signals) > 1 else end
            signals.append(self.plain(total))
        return self.add("sum", signals)

    def twice(self, end):
        """Two dense layers read one signal, and their sum and a ReLU of one of them join."""
        one, two = self.dense(end), self.dense(end)
        return self.add("sum", [self.add("relu", [one]), two, self.add("relu", [self.add("sum", [one, two])])])

    def doubled(self, end):
        """x + x."""
        return self.add("sum", [end, end])

    def tensors(self):
        """The shapes of all weights and biases, in the order of theta."""
        for node in self.nodes:
            if node["type"] == "dense":
                yield (node["outputs"], int(np.prod(self.shape_of(node["from"][0]))))
                if node["bias"]:
                    yield (node["outputs"],)

    def forward(self, theta, x, preactivations=None):
        """The outputs, N x C. Appends what every ReLU reads to the list, where one is given."""
        shapes = list(self.tensors())
        parts = iter([part.view(shape) for part, shape in zip(theta.split([int(np.prod(shape)) for shape in shapes]), shapes)])
        signals = []
        for node in self.nodes:
            inputs = [x if source < 0 else signals[source] for source in node["from"]]
            if node["type"] == "dense":
                y = inputs[0].flatten(1) @ next(parts).T
                y = y + next(parts) if node["bias"] else y
            elif node["type"] == "relu":
                if preactivations is not None:
                    preactivations.append(inputs[0].detach())
                y = torch.relu(inputs[0])
            elif node["type"] == "sum":
                y = sum(inputs[1:], inputs[0])
            else:
                y = inputs[0].flatten(1)
            signals.append(y)
        return signals[-1]

    def distance_to_kink(self, theta, x):
        values = []
        self.forward(theta, x, values)
        # Zeros of a ReLU that another reads stay zeros: both take the derivative 0 there, as Quotient does.
        return min((value[value != 0].abs().min().item() for value in values if (value != 0).any()), default=np.inf)


def rounded(rng, *shape):
    return torch.tensor(np.round(rng.standard_normal(shape), 3))


def loss_of(name):
    return cross_entropy if name == "ce" else lambda f, y: 0.5 * ((f - y) ** 2).sum() / len(f)


def case(index):
    for seed in range(1000):
        rng = np.random.default_rng([9, index, seed])
        graph = Graph(rng, index)
        size = sum(int(np.prod(shape)) for shape in graph.tensors())
        theta = torch.round(rounded(rng, size) * 0.6, decimals=3)
        count = int(rng.integers(4, 8))
        x = rounded(rng, count, *graph.input)
        # Outputs of a usual size: probabilities within rounding of 0 and 1 would leave a Hessian of rounding errors.
        if size <= 130 and graph.forward(theta, x).abs().max() < 8 and graph.distance_to_kink(theta, x) > 1e-3:
            break
    else:
        raise SystemExit(f"{index}: every seed is too large or near a kink")
    name, outputs = ["ce", "mse"][index % 2], graph.shapes[-1][0]
    y = torch.tensor(rng.integers(outputs, size=count)) if name == "ce" else rounded(rng, count, outputs)
    v, loss = rounded(rng, size), loss_of(name)

    leaf = theta.clone().requires_grad_()
    value = loss(graph.forward(leaf, x), y)
    gradient, = grad(value, leaf, create_graph=True)
    product, = grad(gradient @ v, leaf)
    h = hessian(lambda t: loss(graph.forward(t, x), y), theta)
    j, f = jacobian(lambda t: graph.forward(t, x), theta), graph.forward(theta, x)
    gauss_newton = sum(
        j[n].T @ hessian(lambda output, n=n: loss(output[None], y[n:n + 1]), f[n]) @ j[n] / count for n in range(count))
    agree(index, "double backward and the dense Hessian", product, h @ v)
    agree(index, "diag H and diag GGN of a piecewise linear net", h.diag(), gauss_newton.diag())
    return {
        "loss": name, "input": graph.input, "nodes": graph.nodes, "x": x.flatten(1),
        **({"labels": y} if name == "ce" else {"targets": y}),
        "theta": theta, "v": v, "lossValue": value.item(), "gradient": gradient.detach(), "hessianProduct": product,
        "gaussNewtonProduct": gauss_newton @ v, "diagonal": h.diag(), "trace": h.diag().sum().item(),
    }


def agree(index, what, a, b):
    error = ((a - b).abs().max() / b.abs().max().clamp_min(1e-300)).item()
    if error > 1e-12:
        raise SystemExit(f"{index}: {what} differ by {error:.1e} of the largest entry")


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.double)
    cases = [
        {key: value.tolist() if isinstance(value, torch.Tensor) else value for key, value in case(index).items()}
        for index in range(COUNT)]
    with open(os.path.join(FOLDER, "residual.json"), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in cases) + "\n]\n")
    kinds = [" ".join(node["type"] for node in entry["nodes"]) for entry in cases]
    print(len(cases), "graphs,", len(set(kinds)), "different, at most", max(len(entry["theta"]) for entry in cases), "parameters")
