"""What the peer programs share: the tuned environment, problems read from files, nets, timing, and one JSON line of output."""
import tuning  # first: it starts the process again in the tuned environment

import argparse
import gzip
import json
import os
import platform
import statistics
import sys
import time

import numpy as np
import torch
from torch.nn.functional import cross_entropy, relu

torch.set_num_threads(tuning.THREADS)


def arguments(description):
    """The options that say which problem."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--widths", default="784-512-512-10", help="dense layers with ReLU between")
    parser.add_argument("--no-bias", action="store_true")
    parser.add_argument("--loss", choices=["ce", "mse"], default="ce")
    parser.add_argument("--data", default="random", help="file.npz with x and y, 'mnist' (from QUOTIENT_DATA), or 'random'")
    parser.add_argument("--model", help="file.safetensors, or file.npy with the flat parameters; without it, PyTorch's initialisation")
    parser.add_argument("--samples", type=int, help="how many, from the first (default: all of a file, 10000 otherwise)")
    parser.add_argument("--batch", type=int, help="samples in one graph (default: all)")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--double", action="store_true", help="float64 instead of float32")
    return parser


class Problem:
    """A net, its parameters as leaves of autograd, and data in batches."""

    def __init__(self, args):
        self.args = args
        self.type = torch.double if args.double else torch.float
        self.widths = [int(width) for width in args.widths.split("-")]
        self.parameters = [tensor.to(self.type).requires_grad_() for tensor in self._tensors()]
        self.size = sum(tensor.numel() for tensor in self.parameters)
        x, y = self._data()
        self.count = min(len(x), args.samples or len(x))
        self.x, self.y = x[:self.count].to(self.type), y[:self.count]
        self.batch = min(args.batch or self.count, self.count)

    def _shapes(self):
        for fan_in, fan_out in zip(self.widths, self.widths[1:]):
            yield (fan_out, fan_in)
            if not self.args.no_bias:
                yield (fan_out,)

    def _tensors(self):
        shapes = list(self._shapes())
        if self.args.model is None:
            torch.manual_seed(self.args.seed)
            bounds = [width ** -0.5 for width in self.widths[:-1] for _ in range(1 if self.args.no_bias else 2)]
            return [(2 * torch.rand(shape) - 1) * bound for shape, bound in zip(shapes, bounds)]
        theta = read_safetensors(self.args.model) if self.args.model.endswith(".safetensors") else np.load(self.args.model)
        sizes = [int(np.prod(shape)) for shape in shapes]
        if sum(sizes) != theta.size:
            raise SystemExit(f"{self.args.model} holds {theta.size} parameters, but {self.args.widths} has {sum(sizes)}")
        return [part.clone().view(shape) for part, shape in zip(torch.tensor(theta.ravel()).split(sizes), shapes)]

    def _data(self):
        if self.args.data == "random":
            generator = torch.Generator().manual_seed(self.args.seed + 1)
            count = self.args.samples or 10000
            x, y = torch.rand(count, self.widths[0], generator=generator), \
                torch.randint(self.widths[-1], (count,), generator=generator)
        elif self.args.data == "mnist":
            x, y = read_mnist(self.args.samples or 10000)
        else:
            file = np.load(self.args.data)
            x, y = torch.tensor(file["x"]).flatten(1), torch.tensor(file["y"])
        if self.args.loss == "ce":
            return x, y.long()
        return x, (torch.eye(self.widths[-1])[y.long()] if y.dim() == 1 else y).to(self.type)

    def forward(self, x, hidden=None):
        """Outputs for x. Appends (input, pre-activation) of each layer to the list, where one is given."""
        step = 1 if self.args.no_bias else 2
        for at in range(0, len(self.parameters), step):
            weight, bias = self.parameters[at], None if self.args.no_bias else self.parameters[at + 1]
            z = torch.nn.functional.linear(x, weight, bias)
            if hidden is not None:
                hidden.append((x, z))
            x = relu(z)
        return z

    def loss(self, x, y):
        """The part of the mean loss that these samples carry."""
        outputs = self.forward(x)
        if self.args.loss == "ce":
            return cross_entropy(outputs, y, reduction="sum") / self.count
        return 0.5 * ((outputs - y) ** 2).sum() / self.count

    def batches(self):
        """(x, y), batch by batch."""
        return zip(self.x.split(self.batch), self.y.split(self.batch))

    def gradient(self):
        """The gradient of the mean loss, flat."""
        return sum(flat(torch.autograd.grad(self.loss(x, y), self.parameters)) for x, y in self.batches())

    def graphs(self):
        """The gradient of each batch with the graph that a second differentiation needs."""
        for x, y in self.batches():
            yield torch.autograd.grad(self.loss(x, y), self.parameters, create_graph=True)

    def shaped(self, v):
        """Flat v as a list of tensors."""
        return [part.view_as(tensor) for part, tensor in
                zip(v.split([tensor.numel() for tensor in self.parameters]), self.parameters)]

    def product(self, v, graphs=None):
        """H v by double backward: of retained graphs, or of graphs that are built for this product alone."""
        pieces, retain = self.shaped(v), graphs is not None
        return sum(flat(torch.autograd.grad(gradient, self.parameters, grad_outputs=pieces, retain_graph=retain))
                   for gradient in (graphs if retain else self.graphs()))


def flat(tensors):
    return torch.cat([tensor.reshape(-1) for tensor in tensors])


def read_safetensors(path):
    """All tensors of a chain of layers, in the order of their names or numbers, weight before bias: the flat parameters."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        body = file.read()
    header.pop("__metadata__", None)
    types = {"F32": np.float32, "F64": np.float64}
    layers = {name: name.split(".")[0] for name in header}
    names = sorted(header, key=lambda name: (int(layers[name]) if layers[name].isdigit() else layers[name], name.endswith("bias")))
    return np.concatenate([np.frombuffer(body[slice(*header[name]["data_offsets"])], types[header[name]["dtype"]])
                           .astype(np.float64) for name in names])


def read_mnist(count):
    """The first training images, pixels / 255, and their labels."""
    folder = os.path.join(os.environ.get("QUOTIENT_DATA", ""), "mnist")
    if not os.path.isdir(folder):
        tuning.skip("QUOTIENT_DATA names no folder that has mnist/")
    with gzip.open(os.path.join(folder, "train-images-idx3-ubyte.gz")) as file:
        pixels = np.frombuffer(file.read(16 + count * 784), np.uint8, offset=16).reshape(-1, 784)
    with gzip.open(os.path.join(folder, "train-labels-idx1-ubyte.gz")) as file:
        labels = np.frombuffer(file.read(8 + count), np.uint8, offset=8)
    return torch.tensor(pixels / 255.0), torch.tensor(labels.astype(np.int64))


def timed(work, repeats):
    """Seconds of work(), after one call to warm up; processor seconds too, which suffer less from others on the machine."""
    work()
    wall, processor = [], []
    for _ in range(repeats):
        start = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - start[0])
        processor.append(time.process_time() - start[1])
    return {"min": min(wall), "median": statistics.median(wall), "processorMin": min(processor), "repeats": repeats}


def emit(figures, problem=None):
    """Prints one JSON line: the program, its figures, and the settings that they were taken with."""
    settings = {"threads": tuning.THREADS, "kernels": tuning.kernels(), "torch": torch.__version__, "numpy": np.__version__,
                "machine": platform.machine()}
    if problem is not None:
        settings.update(widths=problem.args.widths, bias=not problem.args.no_bias, loss=problem.args.loss, data=problem.args.data,
                        model=problem.args.model, samples=problem.count, batch=problem.batch, parameters=problem.size,
                        precision="double" if problem.args.double else "single", seed=problem.args.seed)
    print(json.dumps({"program": os.path.basename(sys.argv[0]), **figures, "settings": settings}), flush=True)


def check_blas():
    """Refuses to time a PyTorch that runs on the reference BLAS."""
    a = torch.ones(512, 512)
    rate = 2 * 512 ** 3 / timed(lambda: a @ a, 5)["processorMin"] / 1e9
    if rate < 20:
        tuning.skip(f"PyTorch multiplies at {rate:.1f} GFLOP/s a processor second only: it does not use OpenBLAS")


check_blas()
