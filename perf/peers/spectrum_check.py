"""Checks a spectrum that Quotient wrote (--json) against PyTorch's double backward in float64 and scipy's Lanczos (ARPACK)."""
import common
import json
import sys

import numpy as np
import torch
from scipy.sparse.linalg import LinearOperator, eigsh


def exact_trace(problem):
    """tr H of a ReLU net under ce: the trace of the model Fisher, by one backward pass a class."""
    total = 0.0
    for x, _ in problem.batches():
        layers = []
        log_p = problem.forward(x, layers).log_softmax(1)
        for c in range(log_p.shape[1]):
            deltas = torch.autograd.grad(log_p[:, c].sum(), [z for _, z in layers], retain_graph=True)
            norms = sum((delta ** 2).sum(1) * ((a ** 2).sum(1) + (0 if problem.args.no_bias else 1))
                        for delta, (a, _) in zip(deltas, layers))
            total += (log_p[:, c].exp() @ norms).item() / problem.count
    return total


def extreme(problem, count, which):
    """`count` eigenvalues of H at one end."""
    operator = LinearOperator((problem.size, problem.size), dtype=np.float64,
                              matvec=lambda v: problem.product(torch.tensor(np.ravel(v))).numpy())
    start = np.random.default_rng(problem.args.seed).standard_normal(problem.size)
    values = eigsh(operator, k=count, which=which, tol=1e-10, ncv=max(40, 3 * count), v0=start, return_eigenvectors=False)
    return sorted(values, reverse=which == "LA")


parser = common.arguments(__doc__)
parser.add_argument("--spectrum", required=True, help="the JSON that `quotient spectrum --json` wrote, for the same model and data")
parser.add_argument("--tolerance", type=float, default=1e-6, help="allowed beyond the stated residual, relative to the largest")
args = parser.parse_args()
args.double = True
problem = common.Problem(args)
with open(args.spectrum) as file:
    ours = json.load(file)

failures, compared, scale = [], {}, 1.0
for end, which in (("top", "LA"), ("bottom", "SA")):
    stated = ours.get(end) or []
    if not stated:
        continue
    true = extreme(problem, len(stated), which)
    scale = max(scale, abs(true[0])) if end == "bottom" else abs(true[0])
    compared[end] = [{"value": pair["value"], "true": float(value), "error": abs(pair["value"] - value) / scale,
                      "residual": pair["residual"], "converged": pair["converged"]} for pair, value in zip(stated, true)]
    failures += [f"{end} {i}" for i, pair in enumerate(compared[end])
                 if pair["converged"] and abs(pair["value"] - pair["true"]) > pair["residual"] + args.tolerance * scale]

if ours.get("trace") and args.loss == "ce":
    value, error = ours["trace"]["value"], ours["trace"]["standardError"]
    true = exact_trace(problem)
    compared["trace"] = {"value": value, "true": true, "standardError": error}
    if abs(value - true) > 4 * error + args.tolerance * abs(true):
        failures.append("trace")

common.emit({**compared, "failures": failures}, problem)
sys.exit(1 if failures else 0)
