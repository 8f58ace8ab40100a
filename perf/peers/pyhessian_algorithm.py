"""The spectrum by PyHessian's algorithm at its defaults, in PyTorch: seconds, products, and how far its results are from true.

Written from the published description (Yao, Gholami, Keutzer, Mahoney 2019, arXiv 1912.07145):
  top eigenvalues   power iteration with deflation, at most 100 products a pair, until the Rayleigh quotient changes by less
                    than 1e-3 of itself
  trace             Hutchinson with Rademacher probes, at most 100, until the mean changes by less than 1e-3 of itself
  density           stochastic Lanczos quadrature, 100 steps, one Rademacher probe, full re-orthogonalisation
Vectors are flat here and the re-orthogonalisation is one product with the basis: both are quicker than lists of tensors.
--graph retained keeps the graphs of the first differentiation (one batch of data); recompute builds them for each product,
as a loop over a data loader does.
"""
import common
import time

import torch

TOLERANCE, MAXIMUM = 1e-3, 100


def changed_little(new, old):
    return old is not None and abs(new - old) / (abs(old) + 1e-6) < TOLERANCE


def orthogonalised(v, basis):
    for b in basis:
        v = v - (v @ b) * b
    return v / v.norm()


def top_eigenvalues(product, size, count):
    """[(value, vector)] in the order found."""
    pairs = []
    for _ in range(count):
        vectors = [vector for _, vector in pairs]
        v, value = orthogonalised(torch.randn(size), vectors), None
        for _ in range(MAXIMUM):
            v = orthogonalised(v, vectors)
            hv = product(v)
            rayleigh = (v @ hv).item()
            v = hv / hv.norm()
            done, value = changed_little(rayleigh, value), rayleigh
            if done:
                break
        pairs.append((value, v))
    return pairs


def rademacher(size):
    return 2 * torch.randint(2, (size,)).float() - 1


def trace(product, size):
    """The probes zᵀHz, whose mean is the estimate."""
    probes, mean = [], None
    for _ in range(MAXIMUM):
        z = rademacher(size)
        probes.append((z @ product(z)).item())
        done, mean = changed_little(sum(probes) / len(probes), mean), sum(probes) / len(probes)
        if done:
            break
    return probes


def density(product, size):
    """Quadrature nodes and weights of one probe."""
    v = rademacher(size)
    basis = torch.empty(MAXIMUM, size)
    alphas, betas = [], []
    basis[0] = v / v.norm()
    for step in range(MAXIMUM):
        w = product(basis[step])
        alphas.append((w @ basis[step]).item())
        done = basis[:step + 1]
        w = w - done.T @ (done @ w)
        if step + 1 == MAXIMUM or w.norm() == 0:
            break
        betas.append(w.norm().item())
        basis[step + 1] = w / betas[-1]
    tridiagonal = torch.diag(torch.tensor(alphas)) + sum(torch.diag(torch.tensor(betas), at) for at in (1, -1))
    nodes, vectors = torch.linalg.eigh(tridiagonal.double())
    return nodes.tolist(), (vectors[0] ** 2).tolist()


def main():
    parser = common.arguments(__doc__.splitlines()[0])
    parser.add_argument("--top", type=int, default=5)
    parser.add_argument("--graph", choices=["retained", "recompute"], default="recompute")
    args = parser.parse_args()
    problem = common.Problem(args)
    products = 0

    def product(v):
        nonlocal products
        products += 1
        return problem.product(v, graphs)

    def measured(work, *rest):
        nonlocal products
        products, start = 0, (time.perf_counter(), time.process_time())
        result = work(product, problem.size, *rest)
        return result, {"seconds": time.perf_counter() - start[0], "processorSeconds": time.process_time() - start[1],
                        "products": products}

    start = time.perf_counter()
    graphs = list(problem.graphs()) if args.graph == "retained" else None
    building = time.perf_counter() - start
    torch.manual_seed(args.seed + 3)
    pairs, top = measured(top_eigenvalues, args.top)
    probes, estimate = measured(trace)
    (nodes, weights), quadrature = measured(density)

    top["values"] = [value for value, _ in pairs]
    top["residuals"] = [(product(v) - value * v).norm().item() for value, v in pairs]
    count = len(probes)
    estimate["value"] = sum(probes) / count
    estimate["standardError"] = torch.tensor(probes).double().std().item() / count ** 0.5 if count > 1 else None
    quadrature["largestNode"], quadrature["smallestNode"] = max(nodes), min(nodes)
    quadrature["negativeMass"] = sum(weight for node, weight in zip(nodes, weights) if node < 0)
    common.emit({"graph": args.graph, "seconds": building + sum(part["seconds"] for part in (top, estimate, quadrature)),
                 "top": top, "trace": estimate, "density": quadrature}, problem)


if __name__ == "__main__":
    main()
