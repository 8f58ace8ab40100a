"""What the GPU peers share: problems, exchanged with Quotient as .npy files, timing, and a line of JSON for each measurement.

The problems (tiny ones, for a smoke test on any device, in brackets):
  gemm           C = A B, 4096 cubed (128), normal random numbers
  copies         y = x on the device, 1 GiB (1 MiB)
  product        Hessian product of 784-1024-512-256-128-64-10 on 512 samples (20-16-12-8-5 on 32)
  large-product  Hessian product of 784-4096-4096-10 on 60,000 samples (20-32-32-5 on 200), in chunks
  lanczos        100 steps (10), fully re-orthogonalised, on the Hessian of that larger net on its first 512 samples (64)
A net's folder holds theta.npy (flat, PyTorch's order), x.npy, y.npy, v.npy and Quotient's own product, hv.npy; without a folder
the same shapes are drawn here.
"""
import argparse
import importlib.util
import json
import os
import statistics
import sys
import time

import numpy as np

FULL = {"gemm": 4096, "copies": 1 << 30, "steps": 100, "lanczos": 512, "chunk": 20000, "seconds": 1.0,
        "product": ("784-1024-512-256-128-64-10", 512), "large-product": ("784-4096-4096-10", 60000)}
TINY = {"gemm": 128, "copies": 1 << 20, "steps": 10, "lanczos": 64, "chunk": 100, "seconds": 0.02,
        "product": ("20-16-12-8-5", 32), "large-product": ("20-32-32-5", 200)}
EVERYTHING = ["gemm", "copies", "product", "large-product", "lanczos"]


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--device", default="cuda", help="cuda or cpu")
    parser.add_argument("--tiny", action="store_true", help="small problems, for a smoke test")
    parser.add_argument("--what", default=",".join(EVERYTHING), help="which measurements, with commas between")
    parser.add_argument("--problems", help="the folder in which Quotient wrote product/ and large-product/")
    parser.add_argument("--chunk", type=int, help="samples of the large product at once")
    args = parser.parse_args()
    args.sizes = TINY if args.tiny else FULL
    args.chunk = args.chunk or args.sizes["chunk"]
    return args


def require(module):
    """Ends well, with a message, where a peer is not installed."""
    if importlib.util.find_spec(module) is None:
        skip(f"{module} is not installed")


def skip(reason, what=None):
    line = {"program": os.path.basename(sys.argv[0]), "skipped": reason}
    print(json.dumps({**line, "what": what} if what else line), flush=True)
    if what is None:
        sys.exit(0)


class Net:
    """A net's parameters by layer, samples and a direction, as float32 arrays."""

    def __init__(self, args, name, samples=None):
        widths, count = args.sizes[name]
        self.widths = [int(width) for width in widths.split("-")]
        self.shapes = [shape for fan_in, fan_out in zip(self.widths, self.widths[1:]) for shape in ((fan_out, fan_in), (fan_out,))]
        self.sizes = [int(np.prod(shape)) for shape in self.shapes]
        self.size = sum(self.sizes)
        self.count = min(samples or count, count)
        folder = args.problems and os.path.join(args.problems, name)
        theta, x, y, self.v = self._read(folder) if folder else self._draw()
        self.parameters = self.shaped(theta)
        self.x, self.y = x[:self.count], y[:self.count]
        ours = folder and samples is None and os.path.join(folder, "hv.npy")
        self.ours = np.load(ours) if ours and os.path.exists(ours) else None

    def _read(self, folder):
        theta, x, y, v = (np.load(os.path.join(folder, f"{name}.npy")) for name in ("theta", "x", "y", "v"))
        return theta.astype(np.float32), x.astype(np.float32).reshape(-1, self.widths[0]), y.astype(np.int64), v.astype(np.float32)

    def _draw(self):
        random = np.random.default_rng(1)
        bounds = [fan_in ** -0.5 for fan_in in self.widths[:-1] for _ in range(2)]
        theta = np.concatenate([random.uniform(-bound, bound, size) for bound, size in zip(bounds, self.sizes)])
        x = random.random((self.count, self.widths[0]), np.float32)
        y = random.integers(self.widths[-1], size=self.count)
        return theta.astype(np.float32), x, y, random.standard_normal(self.size).astype(np.float32)

    def shaped(self, flat):
        ends = np.cumsum(self.sizes)[:-1]
        return [part.reshape(shape) for part, shape in zip(np.split(flat, ends), self.shapes)]


def timed(call, wait, seconds):
    """Seconds of one call: warm-up, then batches of calls with one wait each. The least and the median over batches."""

    def batch(calls):
        start = time.perf_counter()
        for _ in range(calls):
            result = call()
        wait(result)
        return time.perf_counter() - start

    batch(1)
    once = warm = batch(1)
    while warm < seconds / 5:
        once = batch(2) / 2
        warm += 2 * once
    calls = max(1, min(100000, int(seconds / 10 / once)))
    times = []
    while len(times) < 3 or calls * sum(times) < seconds:
        times.append(batch(calls) / calls)
    return {"min": min(times), "median": statistics.median(times), "batches": len(times), "calls": calls}


def relative(got, wanted):
    """‖got − wanted‖ / ‖wanted‖ in double."""
    got, wanted = np.asarray(got, np.float64), np.asarray(wanted, np.float64)
    return float(np.linalg.norm(got - wanted) / np.linalg.norm(wanted))


def largest(got, wanted):
    """The largest error, in units of the largest value."""
    wanted = np.asarray(wanted, np.float64)
    return float(np.abs(np.asarray(got, np.float64) - wanted).max() / np.abs(wanted).max())


def run(args, measurements, settings):
    """Makes the measurements asked for. One that fails, as for want of memory, is a line that says so; the others go on."""
    for what in args.what.split(","):
        try:
            seconds, more = measurements[what](args)
        except Exception as error:  # noqa: BLE001 - whatever a framework throws
            skip(f"{type(error).__name__}: {str(error).splitlines()[0][:300] if str(error) else ''}", what)
            continue
        print(json.dumps({"program": os.path.basename(sys.argv[0]), "what": what, "seconds": seconds, **more,
                          "settings": {**settings, "device": args.device, "tiny": args.tiny}}), flush=True)
