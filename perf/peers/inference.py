"""Seconds of a forward pass of a net whose weights and activations are signs, as float32 in PyTorch, and its errors."""
import common
import torch

args = common.arguments(__doc__).parse_args()
args.no_bias = True
problem = common.Problem(args)
# Transposed once, as an implementation for speed would.
weights = [(weight.detach().T.contiguous(), weight.shape[1] ** -0.5) for weight in problem.parameters]
one, minus_one = torch.tensor(1.0), torch.tensor(-1.0)


def outputs(x):
    for index, (weight, scale) in enumerate(weights):
        x = x @ weight
        if index + 1 < len(weights):
            x = torch.where(x >= 0, one, minus_one)
    return x * scale


def errors():
    with torch.no_grad():
        return sum((outputs(x).argmax(1) != y).sum().item() for x, y in problem.batches())


def relu_net():
    """The same widths with ReLU, which is cheaper than signs in PyTorch."""
    with torch.no_grad():
        for x, _ in problem.batches():
            for weight, _ in weights[:-1]:
                x = torch.relu_(x @ weight)
            x @ weights[-1][0]


common.emit({"errors": errors(), "seconds": {"signs": common.timed(errors, args.repeats),
                                             "relu": common.timed(relu_net, args.repeats)}}, problem)
