"""Makes the golden values in this folder: `/usr/bin/python3 make.py`, with PyTorch, numpy and scipy.

Everything is float64. Inputs are rounded to four decimals so that the files stay small; results are written with as many
digits as it takes to read the same double back. A file holds, with P parameters, N samples, C outputs:

  widths, bias, loss ("ce": mean cross-entropy on logits, "ce,smoothing=0.1" with smoothed labels; "mse": mean over samples of half the squared distance)
  x (N rows), labels (N) or targets (N rows), theta (P; per layer weight out x in row-major, then bias)
  lossValue, gradient (P), v (P), hessianProduct, gaussNewtonProduct, empiricalFisherProduct, fisherProduct (P each)
  u (N rows), jacobianProduct (J v, N rows), jacobianTransposeProduct (J^T u, P)
  hessianEigenvalues (P, ascending), hessianDiagonal, gaussNewtonDiagonal (P each)

mnist-784-32-10.json is made by mnist.py where QUOTIENT_DATA names a folder that has mnist/.
"""
import json
import os
import sys

# One thread and one BLAS kernel: the same bits wherever this runs.
TUNED = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "HASWELL"}
if any(os.environ.get(key) != value for key, value in TUNED.items()):
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **TUNED})

import numpy as np
import torch

from curvature import Net, dense, hessian_product, loss_of

FOLDER = os.path.dirname(os.path.abspath(__file__))

# name, widths, bias, loss, samples, dead hidden units as (layer, unit), factor of the weights
CASES = [
    ("ce-unequal-widths", [7, 5, 9, 3], True, "ce", 13, [], 1),
    ("mse-unequal-widths", [7, 5, 9, 3], True, "mse", 13, [], 1),
    ("ce-no-bias", [6, 8, 5, 4], False, "ce", 11, [], 1),
    ("mse-no-bias", [6, 8, 5, 4], False, "mse", 11, [], 1),
    ("ce-one-layer", [6, 4], True, "ce", 9, [], 1),
    ("mse-one-layer-one-hot", [6, 4], True, "mse", 9, [], 1),  # every eigenvalue four times
    ("mse-one-layer-no-bias", [6, 4], False, "mse", 5, [], 1),  # and a null space: fewer samples than inputs
    ("ce-three-hidden", [5, 7, 6, 8, 3], True, "ce", 17, [], 1),
    ("mse-three-hidden", [5, 7, 6, 8, 3], True, "mse", 17, [], 1),
    ("ce-one-sample", [7, 6, 5, 4], True, "ce", 1, [], 1),
    ("mse-one-sample", [7, 6, 5, 4], True, "mse", 1, [], 1),
    ("ce-dead-units", [6, 9, 7, 4], True, "ce", 13, [(0, 0), (0, 4), (0, 8), (1, 2), (1, 6)], 1),
    ("mse-dead-units", [6, 9, 7, 4], True, "mse", 13, [(0, 0), (0, 4), (0, 8), (1, 2), (1, 6)], 1),
    ("mse-dead-layer", [4, 3, 3, 2], True, "mse", 6, [(1, 0), (1, 1), (1, 2)], 1),
    ("mse-one-output", [4, 6, 1], True, "mse", 10, [], 1),
    ("ce-two-classes", [4, 6, 2], True, "ce", 10, [], 1),
    ("ce-saturated", [6, 7, 5, 4], True, "ce", 13, [], 3),  # some probabilities below 1e-40
    ("ce-wider", [20, 16, 12, 10], True, "ce", 37, [], 1),
    ("ce-smoothed", [7, 5, 9, 3], True, "ce,smoothing=0.1", 13, [], 1),
    ("ce-smoothed-much", [5, 6, 4], True, "ce,smoothing=0.75", 9, [], 1),
    ("ce-smoothed-saturated", [6, 7, 5, 4], True, "ce,smoothing=0.1", 13, [], 3),
]


def rounded(rng, *shape):
    return torch.tensor(np.round(rng.standard_normal(shape), 4))


def draw(rng, net, dead, factor):
    """He-like weights and visible biases; the bias of a dead unit is -100."""
    theta = rounded(rng, net.size)
    for layer, (weight, bias) in enumerate(net.layers(theta)):
        weight *= factor * round((2 / weight.shape[1]) ** 0.5, 2)
        if bias is not None:
            bias *= 0.25
        for unit in (unit for at, unit in dead if at == layer):
            bias[unit] = -100
    return torch.round(theta, decimals=4)


def case(index, name, widths, bias, loss_name, count, dead, factor):
    """The golden values of one net; draws again until no pre-activation is near a kink."""
    net = Net(widths, bias)
    for seed in range(100):
        rng = np.random.default_rng([20240, index, seed])
        theta, x = draw(rng, net, dead, factor), rounded(rng, count, widths[0])
        if net.distance_to_kink(theta, x) > 1e-3:
            break
    else:
        raise SystemExit(f"{name}: every seed has a pre-activation near 0")
    labels = torch.tensor(rng.integers(widths[-1], size=count))
    targets = torch.eye(widths[-1], dtype=torch.double)[labels] if name.endswith("one-hot") else rounded(rng, count, widths[-1])
    y = labels if loss_name.startswith("ce") else targets
    v, u = rounded(rng, net.size), rounded(rng, count, widths[-1])

    value, gradient, product = hessian_product(net, loss_of(loss_name), theta, x, y, v)
    h, gauss_newton, empirical, fisher, j = dense(net, loss_name, theta, x, y)
    agree(name, "double backward and the dense Hessian", product, h @ v)
    agree(name, "diag H and diag GGN of a ReLU net", h.diag(), gauss_newton.diag())
    agree(name, "the model Fisher and the GGN", fisher, gauss_newton)
    return {
        "name": name, "widths": widths, "bias": bias, "loss": loss_name, "x": x,
        **({"labels": labels} if loss_name.startswith("ce") else {"targets": targets}),
        "theta": theta, "lossValue": value, "gradient": gradient, "v": v, "hessianProduct": product,
        "gaussNewtonProduct": gauss_newton @ v, "empiricalFisherProduct": empirical @ v, "fisherProduct": fisher @ v,
        "u": u, "jacobianProduct": j @ v, "jacobianTransposeProduct": torch.einsum("ncp,nc->p", j, u),
        "hessianEigenvalues": torch.tensor(np.linalg.eigvalsh(((h + h.T) / 2).numpy())),
        "hessianDiagonal": h.diag(), "gaussNewtonDiagonal": gauss_newton.diag(),
    }


def agree(name, what, a, b):
    error = ((a - b).abs().max() / b.abs().max().clamp_min(1e-300)).item()
    if error > 1e-13:
        raise SystemExit(f"{name}: {what} differ by {error:.1e} of the largest entry")


def write(golden):
    """One line a field, so that a difference shows where it is."""
    fields = ((key, value.tolist() if isinstance(value, torch.Tensor) else value) for key, value in golden.items())
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in fields)
    with open(os.path.join(FOLDER, golden["name"] + ".json"), "w") as file:
        file.write("{\n" + lines + "\n}\n")
    print(golden["name"])


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.double)
    for index, spec in enumerate(CASES):
        write(case(index, *spec))
    if os.environ.get("QUOTIENT_DATA"):
        from mnist import mnist_case
        write(mnist_case(os.environ["QUOTIENT_DATA"]))
    else:
        print("mnist-784-32-10 skipped: QUOTIENT_DATA is not set")
