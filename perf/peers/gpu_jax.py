"""JAX's side of the GPU comparison: products of the gradient linearised once, jitted, at the highest precision of matrix products."""
import gpu_common as common

import os
import sys

common.require("jax")
os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
import jax
import jax.numpy as jnp
import numpy as np


def timed(args, call):
    return common.timed(call, jax.block_until_ready, args.sizes["seconds"])


def gemm(args):
    n = args.sizes["gemm"]
    keys = jax.random.split(jax.random.PRNGKey(0))
    a, b = (jax.random.normal(key, (n, n), jnp.float32) for key in keys)
    exact = np.asarray(a, np.float64) @ np.asarray(b, np.float64)
    seconds, errors = {}, {}
    for name, precision in (("fp32", "highest"), ("tf32x3", "TF32_TF32_F32_X3"), ("tf32", "tensorfloat32")):
        try:
            with jax.default_matmul_precision(precision):
                product = jax.jit(jnp.matmul)
                seconds[name] = timed(args, lambda: product(a, b))
                errors[name] = common.largest(product(a, b), exact)
        except Exception:  # noqa: BLE001 - a precision that this version or device lacks
            continue
    return seconds, {"size": n, "error": errors}


def copies(args):
    x = jnp.ones(args.sizes["copies"] // 4, jnp.float32)
    copy = jax.jit(jnp.copy)
    return {"copy": timed(args, lambda: copy(x))}, {"bytes": 2 * args.sizes["copies"]}


def linearised(net, chunk):
    """v ↦ H v, from the linearisations of the gradient on each chunk of samples; their residuals stay on the device."""
    theta = [jnp.asarray(part) for part in net.parameters]

    def loss(parameters, x, y):
        for at in range(0, len(parameters), 2):
            x = x @ parameters[at].T + parameters[at + 1]
            if at + 2 < len(parameters):
                x = jax.nn.relu(x)
        return -jnp.take_along_axis(jax.nn.log_softmax(x), y[:, None], 1).sum() / net.count

    maps = []
    for first in range(0, net.count, chunk):
        x, y = jnp.asarray(net.x[first:first + chunk]), jnp.asarray(net.y[first:first + chunk])
        maps.append(jax.linearize(jax.grad(lambda p, x=x, y=y: loss(p, x, y)), theta)[1])

    ends = np.cumsum(net.sizes)[:-1]

    def apply(maps, v):
        pieces = [part.reshape(shape) for part, shape in zip(jnp.split(v, ends), net.shapes)]
        parts = [one(pieces) for one in maps]
        return jnp.concatenate([sum(same).reshape(-1) for same in zip(*parts)])

    product = jax.jit(apply)
    try:
        jax.block_until_ready(product(maps, jnp.asarray(net.v)))
        return lambda v: product(maps, v)
    except TypeError:  # where a linear map is no pytree, its residuals become constants of the program
        return jax.jit(lambda v: apply(maps, v))


def hessian(args, name, chunk):
    net = common.Net(args, name)
    v = jnp.asarray(net.v)
    product = linearised(net, chunk)
    more = {"widths": net.widths, "samples": net.count, "parameters": net.size, "chunk": chunk}
    seconds = {"linearize": timed(args, lambda: product(v))}
    if net.ours is not None:
        more["differenceFromOurs"] = common.relative(net.ours, product(v))
    return seconds, more


def lanczos(args):
    net = common.Net(args, "large-product", args.sizes["lanczos"])
    steps, product = args.sizes["steps"], linearised(net, net.count)
    start = jnp.asarray(net.v)

    # Rows beyond the step are zero, so that one compiled step serves all.
    def orthogonalise(basis, w, step):
        c = basis @ w
        w = w - c @ basis
        beta = jnp.linalg.norm(w)
        return basis.at[step + 1].set(w / beta), c[step], beta

    orthogonalise = jax.jit(orthogonalise, donate_argnums=0)

    def iterate():
        basis = jnp.zeros((steps + 1, net.size), jnp.float32).at[0].set(start / jnp.linalg.norm(start))
        alphas, betas = [], []
        for step in range(steps):
            basis, alpha, beta = orthogonalise(basis, product(basis[step]), step)
            alphas.append(alpha)
            betas.append(beta)
        return basis, jnp.stack(alphas), jnp.stack(betas)

    seconds = timed(args, iterate)
    basis, alphas, betas = iterate()
    gram = np.asarray(basis[:steps] @ basis[:steps].T, np.float64) - np.eye(steps)
    alphas, betas = np.asarray(alphas, np.float64), np.asarray(betas, np.float64)
    values = np.linalg.eigvalsh(np.diag(alphas) + np.diag(betas[:-1], 1) + np.diag(betas[:-1], -1))
    return {"linearize": seconds}, {"steps": steps, "parameters": net.size, "samples": net.count,
                                    "nonOrthogonality": float(np.abs(gram).max()), "largest": float(values[-1])}


if __name__ == "__main__":
    args = common.arguments(__doc__)
    if args.device.startswith("cuda") and jax.default_backend() != "gpu":
        common.skip("JAX sees no GPU here")
    if args.device == "cpu":
        jax.config.update("jax_platform_name", "cpu")
    settings = {"jax": jax.__version__, "python": sys.version.split()[0], "name": jax.devices()[0].device_kind}
    with jax.default_matmul_precision("highest"):
        common.run(args, {"gemm": gemm, "copies": copies, "product": lambda a: hessian(a, "product", a.sizes["product"][1]),
                          "large-product": lambda a: hessian(a, "large-product", a.chunk), "lanczos": lanczos}, settings)
