"""Seconds of the steps of an epoch of SGD with Nesterov's momentum, on data that is in memory already, in PyTorch."""
import common
import torch

parser = common.arguments(__doc__)
parser.add_argument("--momentum", type=float, default=0.9)
parser.add_argument("--rate", type=float, default=0.05)
args = parser.parse_args()
args.batch = args.batch or 128
problem = common.Problem(args)
optimiser = torch.optim.SGD(problem.parameters, lr=args.rate, momentum=args.momentum, nesterov=True)
criterion = torch.nn.functional.cross_entropy


def epoch():
    for indices in torch.randperm(problem.count).split(args.batch):
        optimiser.zero_grad()
        criterion(problem.forward(problem.x[indices]), problem.y[indices]).backward()
        optimiser.step()


steps = -(-problem.count // args.batch)
common.emit({"steps": steps, "seconds": {"epoch": common.timed(epoch, args.repeats)}}, problem)
