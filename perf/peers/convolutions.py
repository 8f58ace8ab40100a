"""Seconds and peak memory of a gradient, or of a Hessian-vector product at v = θ, of a convolutional net in PyTorch."""
import common  # first: it starts the process again in the tuned environment
import tuning

import os

import numpy as np
import torch
from torch.nn.functional import conv2d, cross_entropy, linear, max_pool2d, relu

# What is seen of an image, channels × height × width, and the layers: convolutions (channels, size, padding) with the pooling (size, stride)
# that follows, then dense widths.
NETS = {
    "lenet": ((1, 28, 28), [(6, 5, 2, 2, 2), (16, 5, 0, 2, 2)], [120, 84, 10]),
    "alexnet-small": ((3, 32, 32), [(64, 5, 2, 3, 2), (64, 5, 2, 3, 2)], [384, 192, 10]),
}


class Images(common.Problem):
    """A convolutional net and images."""

    def __init__(self, args):
        self.image, self.convolutions, self.dense = NETS[args.net]
        super().__init__(args)
        self.x = self.x.view(-1, *self.image)
        if args.channels_last:
            self.x = self.x.contiguous(memory_format=torch.channels_last)

    def _shapes(self):
        channels, height, width = self.image
        for outputs, size, padding, pool, stride in self.convolutions:
            yield from ((outputs, channels, size, size), (outputs,))
            height, width = ((extent + 2 * padding - size + 1 - pool) // stride + 1 for extent in (height, width))
            channels = outputs
        inputs = channels * height * width
        for outputs in self.dense:
            yield from ((outputs, inputs), (outputs,))
            inputs = outputs

    def _tensors(self):
        if self.args.model is None:
            torch.manual_seed(self.args.seed)
            return [0.1 * torch.randn(shape) for shape in self._shapes()]
        return super()._tensors()

    def _data(self):
        if self.args.data == "cifar10":
            return read_cifar(self.args.samples)
        return super()._data()

    def forward(self, x, hidden=None):
        weights = iter(self.parameters)
        for _, _, padding, pool, stride in self.convolutions:
            # A ReLU commutes with max pooling, and costs less behind it.
            x = relu(max_pool2d(conv2d(x, next(weights), next(weights), padding=padding), pool, stride))
        x = x.flatten(1)
        for layer in range(len(self.dense)):
            x = linear(relu(x) if layer > 0 else x, next(weights), next(weights))
        return x

    def loss(self, x, y):
        return cross_entropy(self.forward(x), y, reduction="sum") / self.count


def read_cifar(count):
    """The first training images, pixels / 255, and their labels."""
    folder = os.path.join(os.environ.get("QUOTIENT_DATA", ""), "cifar10")
    files = sorted(name for name in os.listdir(folder) if name.startswith("data_batch_1")) if os.path.isdir(folder) else []
    if not files:
        tuning.skip("QUOTIENT_DATA names no folder that has cifar10/data_batch_1")
    records = np.fromfile(os.path.join(folder, files[0]), np.uint8, count * 3073).reshape(-1, 3073)
    return torch.tensor(records[:, 1:] / 255.0), torch.tensor(records[:, 0].astype(np.int64))


def memory(field):
    """Bytes that this process holds now (VmRSS) or has held (VmHWM)."""
    with open("/proc/self/status") as file:
        return 1024 * int(next(line for line in file if line.startswith(field)).split()[1])


parser = common.arguments(__doc__)
parser.add_argument("--net", choices=NETS, default="lenet")
parser.add_argument("--what", choices=["gradient", "doubleBackward", "retainedGraph"], default="gradient")
parser.add_argument("--channels-last", action="store_true", help="lay images out with their channels together")
args = parser.parse_args()
problem = Images(args)
held = memory("VmRSS")
theta = common.flat(problem.parameters).detach()
graphs = list(problem.graphs()) if args.what == "retainedGraph" else None
work = problem.gradient if args.what == "gradient" else lambda: problem.product(theta, graphs)
seconds = common.timed(work, args.repeats)
common.emit({"norm": work().norm().item(), "peak": memory("VmHWM"), "held": held, "seconds": {args.what: seconds}}, problem)
