"""Seconds of a square product in PyTorch and numpy, both on OpenBLAS."""
import common
import argparse

import torch

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--size", type=int, default=2048)
parser.add_argument("--double", action="store_true")
parser.add_argument("--repeats", type=int, default=11)
args = parser.parse_args()

torch.manual_seed(0)
a, b = (torch.rand(args.size, args.size, dtype=torch.double if args.double else torch.float) - 0.5 for _ in range(2))
c = torch.empty_like(a)
torch_seconds = common.timed(lambda: torch.mm(a, b, out=c), args.repeats)
x, y, z = a.numpy(), b.numpy(), c.numpy()
numpy_seconds = common.timed(lambda: x.dot(y, out=z), args.repeats)
best = min(torch_seconds["min"], numpy_seconds["min"])
common.emit({"size": args.size, "precision": "double" if args.double else "single", "seconds": {"torch": torch_seconds,
             "numpy": numpy_seconds}, "gflops": 2 * args.size ** 3 / best / 1e9})
