"""Trains a net in PyTorch (Adam, seeded) and writes its flat parameters, so that the peers can be tried without Quotient."""
import common
import numpy as np
import torch

parser = common.arguments(__doc__)
parser.add_argument("--epochs", type=int, default=5)
parser.add_argument("--rate", type=float, default=1e-3)
parser.add_argument("--out", required=True, help="file.npy")
args = parser.parse_args()
args.batch = args.batch or 128
problem = common.Problem(args)
optimiser = torch.optim.Adam(problem.parameters, lr=args.rate)
order = torch.Generator().manual_seed(args.seed)
for epoch in range(args.epochs):
    total = 0.0
    for indices in torch.randperm(problem.count, generator=order).split(args.batch):
        optimiser.zero_grad()
        part = problem.loss(problem.x[indices], problem.y[indices])
        (part * problem.count / len(indices)).backward()
        optimiser.step()
        total += part.item()
    print(f"epoch {epoch + 1}: loss {total:.4f}")
np.save(args.out, common.flat(problem.parameters).detach().numpy())
