"""PyTorch's side of the GPU comparison: eager double backward, a retained graph, and torch.compile."""
import gpu_common as common

import contextlib
import sys

common.require("torch")
import numpy as np
import torch
from torch.nn.functional import linear


def wait_on(device):
    return (lambda _: torch.cuda.synchronize()) if device.startswith("cuda") else (lambda _: None)


def timed(args, call):
    return common.timed(call, wait_on(args.device), args.sizes["seconds"])


@contextlib.contextmanager
def tf32(allowed):
    before = torch.backends.cuda.matmul.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = allowed
    try:
        yield
    finally:
        torch.backends.cuda.matmul.allow_tf32 = before


def gemm(args):
    n = args.sizes["gemm"]
    torch.manual_seed(0)
    a, b = (torch.randn(n, n, device=args.device) for _ in range(2))
    c = torch.empty_like(a)
    exact = (a.double() @ b.double()).cpu()
    seconds, errors = {}, {}
    for name, allowed in (("fp32", False), ("tf32", True)):
        with tf32(allowed):
            seconds[name] = timed(args, lambda: torch.mm(a, b, out=c))
            errors[name] = common.largest(c.cpu(), exact)
    return seconds, {"size": n, "error": errors}


def copies(args):
    x = torch.ones(args.sizes["copies"] // 4, device=args.device)
    y = torch.empty_like(x)
    return {"copy": timed(args, lambda: y.copy_(x))}, {"bytes": 2 * args.sizes["copies"]}


class Curvature:
    """Hessian products of the mean cross-entropy of a net, its samples in chunks."""

    def __init__(self, args, net, chunk, dtype=torch.float32):
        self.parameters = [torch.tensor(part, dtype=dtype, device=args.device).requires_grad_() for part in net.parameters]
        x, y = torch.tensor(net.x, dtype=dtype, device=args.device), torch.tensor(net.y, device=args.device)
        self.chunks, self.count, self.sizes = list(zip(x.split(chunk), y.split(chunk))), net.count, net.sizes

    def shaped(self, v):
        return [part.view_as(tensor) for part, tensor in zip(v.split(self.sizes), self.parameters)]

    def loss(self, parameters, x, y):
        for at in range(0, len(parameters), 2):
            x = linear(x, parameters[at], parameters[at + 1])
            if at + 2 < len(parameters):
                x = torch.relu(x)
        # Cross-entropy in operations that every mode of differentiation knows.
        return -torch.log_softmax(x, 1).gather(1, y[:, None]).sum() / self.count

    def graph(self, x, y):
        return torch.autograd.grad(self.loss(self.parameters, x, y), self.parameters, create_graph=True)

    def eager(self, v):
        """Everything is computed anew: the graph of the gradient, and its derivative."""
        total = None
        for x, y in self.chunks:
            total = add(total, torch.autograd.grad(self.graph(x, y), self.parameters, grad_outputs=self.shaped(v)))
        return flat(total)

    def retain(self):
        """A product that keeps the graph of the gradient, as it may where the parameters stay."""
        graphs = [self.graph(x, y) for x, y in self.chunks]

        def product(v):
            total = None
            for graph in graphs:
                total = add(total, torch.autograd.grad(graph, self.parameters, grad_outputs=self.shaped(v), retain_graph=True))
            return flat(total)

        return product

    def compiled(self, mode):
        """Forward over reverse, which torch.compile takes whole; it does not differentiate twice in reverse."""

        def chunk_product(parameters, pieces, x, y):
            gradient = torch.func.grad(lambda p: self.loss(p, x, y))
            return torch.func.jvp(gradient, (parameters,), (pieces,))[1]

        step = torch.compile(chunk_product, mode=mode, fullgraph=True, dynamic=False)
        leaves = tuple(tensor.detach() for tensor in self.parameters)

        def product(v):
            total = None
            for x, y in self.chunks:
                part = step(leaves, tuple(self.shaped(v)), x, y)
                # Graphs replayed by the compiled code reuse the memory of their results.
                total = [piece.clone() for piece in part] if total is None else add(total, part)
            return flat(total)

        return product


def add(total, part):
    return part if total is None else [one + other for one, other in zip(total, part)]


def flat(pieces):
    return torch.cat([piece.reshape(-1) for piece in pieces])


def hessian(args, name, chunk):
    net = common.Net(args, name)
    v = torch.tensor(net.v, device=args.device)
    exact = Curvature(args, net, min(chunk, 5000), torch.float64).eager(v.double()).cpu().numpy()
    curvature = Curvature(args, net, chunk)
    makers = {"eager": lambda: curvature.eager, "retained": curvature.retain}
    notes = {}
    if hasattr(torch, "compile") and hasattr(torch, "func"):
        makers["compile"] = lambda: curvature.compiled("default")
        makers["compile, CUDA graphs"] = lambda: curvature.compiled("reduce-overhead")
    else:
        notes["compile"] = f"PyTorch {torch.__version__} has no torch.compile"
    seconds, errors = {}, {}
    for way, make in makers.items():
        try:
            product = make()
            seconds[way] = timed(args, lambda: product(v))
            errors[way] = common.relative(product(v).detach().cpu(), exact)
        except Exception as error:  # noqa: BLE001 - one way that fails must not hide the others
            notes[way] = f"{type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else ''}"
        product = None
    more = {"widths": net.widths, "samples": net.count, "parameters": net.size, "chunk": chunk, "error": errors, "notes": notes}
    if net.ours is not None:
        more["oursError"] = common.relative(net.ours, exact)
    return seconds, more


def lanczos(args):
    net = common.Net(args, "large-product", args.sizes["lanczos"])
    steps, product = args.sizes["steps"], Curvature(args, net, net.count).retain()
    basis = torch.empty(steps + 1, net.size, device=args.device)

    def iterate():
        """The tridiagonal matrix is read at the end alone: nothing waits on the way."""
        alphas, betas = [], []
        basis[0] = start / start.norm()
        for step in range(steps):
            w = product(basis[step])
            done = basis[:step + 1]
            c = done @ w
            alphas.append(c[step])
            w = w - c @ done
            betas.append(w.norm())
            torch.div(w, betas[-1], out=basis[step + 1])
        return torch.stack(alphas).tolist(), torch.stack(betas).tolist()

    start = torch.tensor(net.v, device=args.device)
    seconds = timed(args, iterate)
    gram = (basis[:steps] @ basis[:steps].T).double() - torch.eye(steps, device=args.device, dtype=torch.float64)
    alphas, betas = iterate()
    values = np.linalg.eigvalsh(np.diag(alphas) + np.diag(betas[:-1], 1) + np.diag(betas[:-1], -1))
    return {"retained": seconds}, {"steps": steps, "parameters": net.size, "samples": net.count,
                                   "nonOrthogonality": gram.abs().max().item(), "largest": float(values[-1])}


if __name__ == "__main__":
    args = common.arguments(__doc__)
    if args.device.startswith("cuda") and not torch.cuda.is_available():
        common.skip("PyTorch sees no CUDA device here")
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    settings = {"torch": torch.__version__, "cuda": torch.version.cuda, "python": sys.version.split()[0],
                "name": torch.cuda.get_device_name() if args.device.startswith("cuda") else "cpu"}
    common.run(args, {"gemm": gemm, "copies": copies, "product": lambda a: hessian(a, "product", a.sizes["product"][1]),
                      "large-product": lambda a: hessian(a, "large-product", a.chunk), "lanczos": lanczos}, settings)
