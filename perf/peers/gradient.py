"""Seconds of a forward pass and of a gradient of the mean loss, in PyTorch."""
import common
import torch

args = common.arguments(__doc__).parse_args()
problem = common.Problem(args)


def loss():
    with torch.no_grad():
        return sum(problem.loss(x, y).item() for x, y in problem.batches())


common.emit({"loss": loss(), "gradientNorm": problem.gradient().norm().item(),
             "seconds": {"forward": common.timed(loss, args.repeats),
                         "gradient": common.timed(problem.gradient, args.repeats)}}, problem)
