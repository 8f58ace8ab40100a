"""Seconds of a Hessian-vector product in PyTorch: double backward with and without a retained graph."""
import common
import torch

args = common.arguments(__doc__).parse_args()
problem = common.Problem(args)
torch.manual_seed(args.seed + 2)
v, u = (torch.randn(problem.size, dtype=problem.type) for _ in range(2))

recomputed = common.timed(lambda: problem.product(v), args.repeats)
graphs = list(problem.graphs())
retained = common.timed(lambda: problem.product(v, graphs), args.repeats)
hv, hu = problem.product(v, graphs), problem.product(u, graphs)
common.emit({"norm": hv.norm().item(), "asymmetry": abs((u @ hv - v @ hu) / (u.norm() * hv.norm())).item(),
             "seconds": {"doubleBackward": recomputed, "retainedGraph": retained}}, problem)
